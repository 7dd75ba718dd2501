import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createTcpProxy, type TcpProxy } from '@image-organizer/testing/tcp-proxy';
import { login, until } from '../support/client.ts';
import { account } from '../support/server-process.ts';
import { startCluster, type Cluster, type Replica, type ServiceName } from '../support/cluster.ts';
import { expectNothingAmiss, uploadWhile, type Upload } from './support/load.ts';
import { makeVhost, manage, servers, serversAtHand } from '../support/servers.ts';

const describeFaults = serversAtHand ? describe : describe.skip;

describeFaults('Servers die', () => {
  let cluster: Cluster;
  let uploads: Upload[];
  beforeAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    cluster = await startCluster();
    uploads = [];
  });
  afterAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    await cluster.stop();
  });

  /** Replaces the one process of the service by one that reaches RabbitMQ through a proxy; `test` has both. */
  async function throughProxy(
    service: ServiceName,
    test: (proxy: TcpProxy, replica: Replica) => Promise<void>,
    ready = true,
  ) {
    const url = new URL(cluster.environment['RABBITMQ_URL']!);
    const proxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    await cluster.one(service).kill('SIGTERM');
    const replica = await cluster.start(service, { env: { RABBITMQ_URL: url.href }, ready });
    try {
      await test(proxy, replica);
    } finally {
      await replica.kill();
      await proxy.close();
      await cluster.start(service);
    }
  }
  const ready = (replica: Replica) =>
    until(
      async () => (await fetch(`${replica.url}/readyz`)).status,
      (status) => status === 200,
    );
  const queuePath = (queue: string) => `/api/queues/${cluster.vhost}/${queue}`;

  it('4. When the broker is killed ten times under load, then nothing is lost and nothing is done twice.', async () => {
    await uploadWhile(cluster, uploads, { count: 25, size: 2 }, async () => {
      for (let n = 0; n < 10; n++) {
        await servers.kill('rabbitmq');
        await servers.start('rabbitmq');
        await delay(500);
      }
    });
    await expectNothingAmiss(cluster, uploads);
  });

  it('5. When the broker is down for a while, then uploads are still answered with 202, and the backlog drains.', async () => {
    await servers.kill('rabbitmq');
    const added = await uploadWhile(cluster, uploads, { count: 15 }, () => delay(30_000));
    const client = await cluster.client();
    expect(await client.batch(added[0]!.batchId!)).toMatchObject({ status: 'open', organized: 0 });
    await servers.start('rabbitmq');
    await expectNothingAmiss(cluster, uploads);
  });

  it('6. When the data of the broker is wiped under load, then the sweeper makes its messages again.', async () => {
    await cluster.one('classifier').kill(); // so that messages wait
    await uploadWhile(cluster, uploads, { count: 6 });
    await servers.wipe('rabbitmq');
    await servers.start('rabbitmq');
    await makeVhost(cluster.vhost);
    await cluster.start('classifier');
    await expectNothingAmiss(cluster, uploads);
  });

  it('7. When the database is killed in the middle of writes, then no accepted upload is lost and no half blob is left.', async () => {
    await uploadWhile(cluster, uploads, { count: 12, size: 4 }, async () => {
      for (let n = 0; n < 4; n++) {
        await delay(1_500);
        await servers.kill('mongo');
        await servers.start('mongo');
      }
    });
    await expectNothingAmiss(cluster, uploads);
  });

  it('8. When MySQL is killed, then a login fails cleanly, the pipeline goes on, and logins come back with the server.', async () => {
    const client = await cluster.client();
    await servers.kill('mysql');
    const basic = `Basic ${Buffer.from(`${account.email}:${account.password}`).toString('base64')}`;
    const refused = await fetch(`${cluster.one('gateway').url}/login`, {
      method: 'POST',
      headers: { Authorization: basic },
    });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      503,
      expect.stringMatching('problem'),
    ]);
    await uploadWhile({ ...cluster, client: async () => client }, uploads, { count: 3 });
    for (const { batchId } of uploads) await client.completed(batchId!);
    await servers.start('mysql');
    await until(() => login(cluster.one('gateway').url).catch(() => undefined), Boolean);
    await expectNothingAmiss(cluster, uploads);
  });

  it('9. When the confirm of a publish is lost, then the event is published again and has one effect.', async () => {
    await throughProxy('gateway', async (proxy) => {
      let cuts = 0;
      proxy.onClientData((chunk) => {
        if (cuts >= 2 || !chunk.includes('image.uploaded')) return;
        cuts += 1;
        setImmediate(() => proxy.reset()); // the message has been passed on, its confirm has not come back
      });
      await uploadWhile(cluster, uploads, { count: 3 });
      await expectNothingAmiss(cluster, uploads);
      expect(cuts).toBe(2);
    });
  });

  it('10. When nothing passes between a worker and the broker and nobody is told, then the heartbeat notices and the work goes on.', async () => {
    await throughProxy('ocr', async (proxy, replica) => {
      proxy.blackHole();
      const sending = uploadWhile(cluster, uploads, { count: 3 });
      await until(
        async () => (await fetch(`${replica.url}/readyz`)).status,
        (status) => status === 503,
      );
      proxy.restore();
      await sending;
      await expectNothingAmiss(cluster, uploads);
    });
  });

  it('12. When only the channel of a consumer dies, because its queue was deleted, then the consumer comes back.', async () => {
    await uploadWhile(cluster, uploads, { count: 4 }, () =>
      manage('DELETE', queuePath('ocr.image-uploaded')),
    );
    await uploadWhile(cluster, uploads, { count: 2 });
    await expectNothingAmiss(cluster, uploads);
  });

  it('13. When the connection dies during its setup, again and again, then the worker comes up once it holds.', async () => {
    await throughProxy(
      'ocr',
      async (proxy, replica) => {
        let data = 0;
        proxy.onClientData(() => {
          if (data < 60 && ++data % 6 === 0) setImmediate(() => proxy.reset());
        });
        await until(
          async () => data,
          (count) => count >= 60,
        );
        await ready(replica);
        await uploadWhile(cluster, uploads, { count: 2 });
        await expectNothingAmiss(cluster, uploads);
      },
      false,
    );
  });

  it('14. When a binding is deleted, then the mandatory return keeps the events in the outbox until it is there again.', async () => {
    const path = `/api/bindings/${cluster.vhost}/e/images/q/ocr.image-uploaded`;
    const bindings = (await manage('GET', path)) as { properties_key: string }[];
    for (const { properties_key: key } of bindings)
      await manage('DELETE', `${path}/${encodeURIComponent(key)}`);
    await uploadWhile(cluster, uploads, { count: 3 });
    await expectNothingAmiss(cluster, uploads);
  });

  it('15. When a queue is full, or the broker has no memory left, then uploads are accepted and drain afterwards.', async () => {
    const policy = `/api/policies/${cluster.vhost}/full`;
    await cluster.one('ocr').kill('SIGTERM');
    await manage('PUT', policy, {
      pattern: '^ocr\\.image-uploaded$',
      definition: { 'max-length': 1 },
      'apply-to': 'queues',
    });
    await uploadWhile(cluster, uploads, { count: 5 });
    await servers.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
    await uploadWhile(cluster, uploads, { count: 3 });
    await servers.rabbitmqctl('set_vm_memory_high_watermark', '0.6');
    await manage('DELETE', policy);
    await cluster.start('ocr');
    await expectNothingAmiss(cluster, uploads);
  });

  it('19. When 200 uploads are aborted or too large, then no blob is left.', async () => {
    await cluster.one('gateway').kill('SIGTERM');
    const gateway = await cluster.start('gateway', { env: { MAX_UPLOAD_BYTES: '100000' } });
    const client = await cluster.client();
    const authorization = (await client.fetch('/api/stats')).ok && (await bearer(gateway.url));
    for (let n = 0; n < 10; n++) {
      await Promise.all(
        Array.from({ length: 10 }, () => abortedUpload(gateway.url, authorization as string)),
      );
      const tooLarge = () => {
        const form = new FormData();
        form.append('file', new Blob([png, new Uint8Array(200_000)]), 'large.png');
        return client.fetch('/upload', { method: 'POST', body: form });
      };
      const answers = await Promise.all(Array.from({ length: 10 }, tooLarge));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 413));
    }
    await uploadWhile(cluster, uploads, { count: 1 });
    await expectNothingAmiss(cluster, uploads);
  });

  it('20. When the mail server takes a mail and drops the connection before it says so, then the mail is sent again with the same Message-ID.', async () => {
    const before = cluster.smtp.reached('data');
    cluster.smtp.misbehave({ at: 'data', does: 'drop' });
    await uploadWhile(cluster, uploads, { count: 1 });
    await until(
      async () => cluster.smtp.reached('data'),
      (reached) => reached > before,
    );
    cluster.smtp.misbehave(undefined);
    await expectNothingAmiss(cluster, uploads);
    expect(cluster.smtp.reached('data')).toBe(before + 2);
  });
});

const png = new Uint8Array([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
]);

async function bearer(url: string): Promise<string> {
  const basic = Buffer.from(`${account.email}:${account.password}`).toString('base64');
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
  });
  return `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}`;
}

/** Sends half of a file, then cuts the connection. */
async function abortedUpload(url: string, authorization: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="cut.png"\r\n\r\n`;
  socket.write(
    `POST /upload HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000\r\n\r\n${head}`,
  );
  await new Promise((resolve) => socket.write(Buffer.concat([png, Buffer.alloc(40_000, 7)]), resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  await closed;
}
