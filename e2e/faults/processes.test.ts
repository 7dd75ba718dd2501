import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/client.ts';
import { startCluster, type Cluster, type ServiceName } from '../support/cluster.ts';
import { expectNothingAmiss, sendUntilAccepted, uploadWhile, type Upload } from './support/load.ts';
import { servers, serversAtHand } from '../support/servers.ts';
import { tinyImages } from './support/tiny-images.ts';

const describeFaults = serversAtHand ? describe : describe.skip;

describeFaults('Processes die', () => {
  let cluster: Cluster;
  let uploads: Upload[];
  beforeAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    cluster = await startCluster();
    uploads = [];
  });
  afterAll(() => cluster.stop());

  /** Replaces the one process of the service by one that dies at the point, and that by a sound one. */
  async function dyingAt(service: ServiceName, crashAt: string, load: () => Promise<unknown>) {
    await cluster.one(service).kill();
    const dying = await cluster.start(service, { crashAt });
    const died = new Promise((resolve) => dying.child.once('exit', (_code, signal) => resolve(signal)));
    const revived = died.then(() => cluster.start(service));
    await load();
    expect(await died).toBe('SIGKILL');
    await revived;
  }

  it.each([
    ['0, the intent is recorded', 'upload:intent-recorded'],
    ['1, the bytes are stored', 'upload:bytes-stored'],
    ['2, the image is recorded', 'upload:image-recorded'],
    ['3, the event is published', 'image.uploaded:published'],
    ['4, the outbox entry is removed', 'image.uploaded:marked'],
  ])(
    '1. When the gateway is killed after step %s, then the repeated upload is there once.',
    async (_step, point) => {
      await dyingAt('gateway', point, () => uploadWhile(cluster, uploads, { count: 1 }));
      await expectNothingAmiss(cluster, uploads);
    },
  );

  it.each([
    ['before the claim', 'extract:before-claim'],
    ['in the work', 'extract:claimed'],
    ['after the commit', 'extract:committed'],
    ['after the publish', 'image.extracted:published'],
    ['before the ack', 'ocr.image-uploaded:before-ack'],
  ])('2. When a worker is killed %s, then its image is read once all the same.', async (_moment, point) => {
    await dyingAt('ocr', point, () => uploadWhile(cluster, uploads, { count: 1 }));
    await expectNothingAmiss(cluster, uploads);
  });

  it.each([
    ['the organizer', 'organizer', 'organize:committed'],
    ['the organizer, before it settles the batch', 'organizer', 'organizer.image-organized:before-ack'],
    ['the notification service, before the mail is sent', 'notification', 'email:claimed'],
    ['the notification service, after the mail was sent', 'notification', 'email:worked'],
  ] as const)(
    '2. When %s is killed, then the batch is settled and told of in one mail.',
    async (_who, service, point) => {
      await dyingAt(service, point, () => uploadWhile(cluster, uploads, { count: 1 }));
      await expectNothingAmiss(cluster, uploads);
    },
  );

  it('3. When a random worker is killed every two seconds under load, then nothing is lost and nothing is done twice.', async () => {
    const workers = ['ocr', 'classifier', 'organizer', 'notification'] as const;
    await uploadWhile(cluster, uploads, { count: 12, size: 3 }, async () => {
      for (let n = 0; n < 6; n++) {
        await delay(2_000);
        const service = workers[Math.floor(Math.random() * workers.length)]!;
        await cluster.one(service).kill();
        await cluster.start(service);
      }
    });
    await expectNothingAmiss(cluster, uploads);
  });

  it('11. When a worker sleeps past its lease and wakes up, then another has done its work and its own is fenced.', async () => {
    const [sleeper] = cluster.of('ocr');
    const sending = uploadWhile(cluster, uploads, { count: 6, size: 5 });
    await until(async () => sleeper!.output().includes('extract done'), Boolean);
    sleeper!.child.kill('SIGSTOP');
    await cluster.start('ocr');
    await sending;
    await until(async () => cluster.of('ocr')[1]!.output().includes('extract done'), Boolean);
    await expectDrainedWithout(cluster, uploads);
    sleeper!.child.kill('SIGCONT');
    await expectNothingAmiss(cluster, uploads);
    await sleeper!.kill();
  });

  it('16. When an image ends every process that works on it, then it alone is dead-lettered, and after a replay with sound workers it is organised.', async () => {
    await cluster.one('ocr').kill();
    const added = await uploadWhile(cluster, uploads, { count: 1, size: 4 });
    const poison = added[0]!.imageIds![2]!;
    const client = await cluster.client();
    while ((await client.image(poison)).status !== 'failed') {
      const worker = await cluster.start('ocr', {
        env: { CRASH_SUBJECT: poison },
        crashAt: 'extract:claimed',
        ready: false, // it dies as soon as it is
      });
      const ended = new Promise((resolve) => worker.child.once('exit', resolve));
      await Promise.race([
        ended,
        until(
          () => client.image(poison),
          ({ status }) => status === 'failed',
        ),
      ]);
    }
    await expectNothingAmiss(cluster, uploads, { failed: 1 });

    // 17. replay of a dead letter
    await cluster.one('ocr').kill();
    await cluster.start('ocr');
    const [letter] = await cluster.bus.deadLetters(10);
    expect((await client.fetch(`/api/images/${poison}/retry`, { method: 'POST' })).status).toBe(202);
    await letter!.replay();
    await until(
      () => client.image(poison),
      ({ status }) => status === 'organized',
    );
    await expectNothingAmiss(cluster, uploads);
  });

  it('18. When one Idempotency-Key is sent 50 times at once to two gateways, then there is one image.', async () => {
    const second = await cluster.start('gateway');
    const upload: Upload = { key: randomUUID(), files: await tinyImages(1) };
    uploads.push(upload);
    const client = await cluster.client();
    const send = async (n: number) => {
      const form = new FormData();
      form.append('file', new Blob([upload.files[0]!.bytes]), upload.files[0]!.name);
      const path = n % 2 ? `${second.url}/upload` : '/upload';
      const answer = await client.fetch(path, {
        method: 'POST',
        body: form,
        headers: { 'Idempotency-Key': upload.key },
      });
      return (await answer.json()) as { batchId: string; images: { id: string }[] };
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => send(n)));
    expect(new Set(answers.map(({ batchId }) => batchId)).size).toBe(1);
    expect(new Set(answers.map(({ images }) => images[0]!.id)).size).toBe(1);
    await sendUntilAccepted(cluster.client, upload);
    await expectNothingAmiss(cluster, uploads);
    await second.kill();
  });

  it('20. When every service is replaced under load by SIGTERM, one after the other, then no request fails for it and nothing is lost.', async () => {
    await uploadWhile(cluster, uploads, { count: 8, size: 3 }, async () => {
      for (const service of ['ocr', 'classifier', 'organizer', 'notification'] as const) {
        const [old] = cluster.of(service);
        await cluster.start(service);
        await old!.kill('SIGTERM');
        expect(old!.child.exitCode).toBe(0);
      }
    });
    await expectNothingAmiss(cluster, uploads);
  });
});

/** All batches are completed, whatever a sleeping process still holds. */
async function expectDrainedWithout(cluster: Cluster, uploads: Upload[]): Promise<void> {
  const client = await cluster.client();
  for (const { batchId } of uploads) await client.completed(batchId!);
}
