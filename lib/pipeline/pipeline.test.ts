import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { queues } from '@image-organizer/contracts/topology';
import { PermanentError, PostponedError } from '@image-organizer/platform/errors';
import { decision, extractResult } from '@image-organizer/testing/builders';
import { startPipeline, type PipelineOptions } from '@image-organizer/testing/start-pipeline';
import { until } from '@image-organizer/testing/until';
import { batchCompletedEntry, messageOfEntry } from './outbox-entry.ts';
import { stageTrigger } from './stage-trigger.ts';

type Pipeline = Awaited<ReturnType<typeof startPipeline>>;
let pipeline: Pipeline;
const start = async (options?: PipelineOptions) => (pipeline = await startPipeline(options));
afterEach(() => pipeline.stop());

const minute = 60_000;
/** A promise that a test resolves when it is time. */
const gate = () => Promise.withResolvers<void>();

describe('A stage', () => {
  it('When an image is uploaded, then each stage does its work once and the batch is told of once.', async () => {
    const sent: string[] = [];
    await start({ send: async ({ batchId }) => void sent.push(batchId) });
    const { imageId, batchId } = await pipeline.upload();
    await pipeline.idle();
    expect(await pipeline.image(imageId)).toMatchObject({
      status: 'organized',
      stages: { organize: { status: 'done', attempts: 1 } },
    });
    expect(pipeline.counted).toEqual({ extract: 1, classify: 1, organize: 1 });
    expect(sent).toEqual([batchId]);
  });

  it('When the work fails twice, then it is tried a third time, and the history tells it.', async () => {
    let tries = 0;
    await start({
      extract: {
        work: async () => {
          if (++tries < 3) throw new Error('disk is slow');
          return extractResult();
        },
      },
    });
    const { imageId } = await pipeline.upload();
    await pipeline.idle();
    const image = await pipeline.image(imageId);
    expect(image).toMatchObject({ status: 'organized', stages: { extract: { attempts: 3 } } });
    expect(
      image.history.filter(({ event }) => event === 'attempt-failed').map(({ error }) => error?.detail),
    ).toEqual(['disk is slow', 'disk is slow']);
  });

  it('When the work cannot succeed, then the image fails at once with that reason, the message is dead, and the batch completes.', async () => {
    await start({
      extract: {
        work: async () => {
          throw new PermanentError('DAMAGED_IMAGE', 'The file is damaged.');
        },
      },
    });
    const { imageId, batchId } = await pipeline.upload();
    await pipeline.idle();
    expect(await pipeline.image(imageId)).toMatchObject({
      status: 'failed',
      stages: {
        extract: {
          status: 'failed',
          attempts: 1,
          error: { code: 'DAMAGED_IMAGE', detail: 'The file is damaged.' },
        },
      },
    });
    expect((await pipeline.bus.deadLetters(10)).map(({ reason }) => reason)).toEqual([
      'DAMAGED_IMAGE: The file is damaged.',
    ]);
    expect(await pipeline.catalog.getBatch(pipeline.ownerId, batchId)).toMatchObject({
      status: 'completed',
      failed: 1,
    });
  });

  it('When a failed image is retried, then it goes on where it failed.', async () => {
    let mended = false;
    await start({
      classify: {
        work: async () => {
          if (!mended) throw new PermanentError('NO_MODEL', 'The model is gone.');
          return { decision: decision() };
        },
      },
    });
    const { imageId } = await pipeline.upload();
    await pipeline.idle();
    mended = true;
    const image = await pipeline.image(imageId);
    const now = pipeline.clock.now();
    const retry = {
      ownerId: pipeline.ownerId,
      imageId,
      stage: 'classify' as const,
      now,
      event: stageTrigger(image, 'classify', now),
    };
    expect(await pipeline.catalog.retryStage(retry)).toBe(true);
    await pipeline.idle();
    expect((await pipeline.image(imageId)).status).toBe('organized');
    expect(pipeline.counted).toEqual({ extract: 1, classify: 2, organize: 1 });
  });

  it('When the work fails five times, then the image is failed and its message is dead.', async () => {
    await start({
      classify: {
        work: async () => {
          throw new Error('no answer');
        },
      },
    });
    const { imageId } = await pipeline.upload();
    await pipeline.idle();
    expect(await pipeline.image(imageId)).toMatchObject({
      status: 'failed',
      stages: { classify: { attempts: 5 } },
    });
    expect(await pipeline.bus.deadLetters(10)).toHaveLength(1);
  });

  it('When the work is postponed, then no attempt is spent.', async () => {
    let tries = 0;
    await start({
      extract: {
        work: async () => {
          if (++tries < 9) throw new PostponedError('its twin is being read', 1);
          return extractResult();
        },
      },
    });
    const { imageId } = await pipeline.upload();
    await pipeline.idle();
    expect(await pipeline.image(imageId)).toMatchObject({
      status: 'organized',
      stages: { extract: { attempts: 1 } },
    });
  });

  it('When the work takes longer than its deadline, then it is told to stop and counts as failed.', async () => {
    let stopped = 0;
    await start({
      extract: {
        deadlineMs: 5,
        work: (_image, { signal }) =>
          new Promise(() => {
            signal.addEventListener('abort', () => void (stopped += 1));
          }),
      },
    });
    const { imageId } = await pipeline.upload();
    await pipeline.idle();
    expect((await pipeline.image(imageId)).stages.extract).toMatchObject({
      status: 'failed',
      attempts: 5,
      error: { code: 'DEADLINE' },
    });
    expect(stopped).toBe(5);
  });

  it('When a worker is lost past its lease, then another finishes, and the late result is thrown away.', async () => {
    const hung = gate();
    const began = gate();
    const discarded: number[] = [];
    await start({
      extract: {
        work: async (_image, { epoch }) => {
          if (epoch === 1) {
            began.resolve();
            await hung.promise;
          }
          return extractResult({ text: `epoch ${epoch}` });
        },
        discard: async (_image, epoch) => void discarded.push(epoch),
      },
    });
    const { imageId } = await pipeline.upload();
    await began.promise;
    pipeline.advance(minute);
    await pipeline.sweeper.sweep();
    await untilStatus(imageId, 'organized');
    hung.resolve();
    await pipeline.idle();
    const image = await pipeline.image(imageId);
    expect(image.text).toBe('epoch 2');
    expect(image.history.filter(({ stage, event }) => stage === 'extract' && event === 'done')).toHaveLength(
      1,
    );
    expect(discarded).toEqual([1]);
  });

  it('When an image ends every process that works on it, then it is failed, and works no more.', async () => {
    await start({ withoutRelay: true });
    const { imageId } = await pipeline.upload();
    const { ownerId, catalog, clock } = pipeline;
    for (let death = 0; death <= 10; death++) {
      await catalog.claimStage({
        imageId,
        ownerId,
        stage: 'extract',
        owner: 'dies',
        now: clock.now(),
        leaseMs: 1,
      });
      pipeline.advance(minute);
    }
    await pipeline.relay.start();
    await pipeline.idle();
    expect(await pipeline.image(imageId)).toMatchObject({
      status: 'failed',
      stages: { extract: { error: { code: 'WORKER_LOST' } } },
    });
    expect(pipeline.counted.extract).toBe(0);
    await pipeline.relay.stop();
  });

  it('When processes die often while they work on an image, then that spends none of its attempts.', async () => {
    await start({ withoutRelay: true });
    const { imageId } = await pipeline.upload();
    const { ownerId, catalog, clock } = pipeline;
    for (let death = 0; death < 9; death++) {
      await catalog.claimStage({
        imageId,
        ownerId,
        stage: 'extract',
        owner: 'dies',
        now: clock.now(),
        leaseMs: 1,
      });
      pipeline.advance(minute);
    }
    await pipeline.relay.start();
    await pipeline.idle();
    expect((await pipeline.image(imageId)).status).toBe('organized');
    await pipeline.relay.stop();
  });

  it('When a message names an image that does not exist, then it is dead after a few looks, and the next one is worked on.', async () => {
    await start();
    const ghost = {
      id: randomUUID(),
      ownerId: pipeline.ownerId,
      lane: 'interactive',
      requestId: null,
    } as const;
    await pipeline.bus.publish(messageOfEntry(stageTrigger(ghost, 'extract', pipeline.clock.now())));
    const { imageId } = await pipeline.upload();
    await pipeline.idle();
    expect((await pipeline.bus.deadLetters(10)).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/not in the catalogue/),
    ]);
    expect((await pipeline.image(imageId)).status).toBe('organized');
  });

  it.each([
    ['no JSON', '{', /no JSON/],
    [
      'an unknown version',
      JSON.stringify({
        id: randomUUID(),
        name: 'image.uploaded',
        version: 99,
        occurredAt: new Date().toISOString(),
        requestId: null,
        data: {},
      }),
      /version 99/,
    ],
  ])('When a message is %s, then it is dead with that reason.', async (_case, body, reason) => {
    await start();
    await pipeline.bus.publish({ id: randomUUID(), event: 'image.uploaded', lane: 'interactive', body });
    await pipeline.idle();
    expect((await pipeline.bus.deadLetters(10)).map((letter) => letter.reason)).toEqual([
      expect.stringMatching(reason),
    ]);
  });

  it('When the same event comes many times, then the work is done once.', async () => {
    await start();
    const { imageId } = await pipeline.upload();
    const image = await pipeline.image(imageId);
    for (let n = 0; n < 20; n++) {
      await pipeline.bus.publish(messageOfEntry(stageTrigger(image, 'extract', pipeline.clock.now())));
    }
    await pipeline.idle();
    expect(pipeline.counted).toEqual({ extract: 1, classify: 1, organize: 1 });
  });
});

describe('The outbox relay', () => {
  it('When the bus takes nothing for a while, then nothing is lost and everything is published after that.', async () => {
    await start();
    const publish = jest.spyOn(pipeline.bus, 'publish').mockRejectedValue(new Error('broker is down'));
    const uploads = await Promise.all([pipeline.upload(), pipeline.upload(), pipeline.upload()]);
    expect((await pipeline.catalog.dueOutbox(10)).length).toBe(3);
    publish.mockRestore();
    await pipeline.idle();
    for (const { imageId } of uploads) expect((await pipeline.image(imageId)).status).toBe('organized');
  });

  it('When the process dies between publishing and marking, then the event is published again with the same id and has one effect.', async () => {
    await start({ withoutRelay: true });
    const { imageId } = await pipeline.upload();
    const [entry] = await pipeline.catalog.dueOutbox(1);
    await pipeline.bus.publish(messageOfEntry(entry!)); // and here it died
    const published = jest.spyOn(pipeline.bus, 'publish');
    await pipeline.relay.start();
    await pipeline.idle();
    expect(published.mock.calls[0]![0].id).toBe(entry!.id);
    expect(pipeline.counted.extract).toBe(1);
    expect((await pipeline.image(imageId)).status).toBe('organized');
    await pipeline.relay.stop();
  });
});

describe('The sweeper', () => {
  it('When the broker forgot everything, then the stages that wait are set going again.', async () => {
    await start({ withoutRelay: true });
    const { imageId } = await pipeline.upload();
    for (const entry of await pipeline.catalog.dueOutbox(10)) await pipeline.catalog.markPublished(entry); // published, and wiped
    pipeline.advance(20 * minute);
    await pipeline.relay.start();
    await pipeline.sweeper.sweep();
    await pipeline.idle();
    expect((await pipeline.image(imageId)).status).toBe('organized');
    await pipeline.relay.stop();
  });

  it('When images have waited in a queue for longer than events are given, then their events are not made again.', async () => {
    const release = Promise.withResolvers<void>();
    const slow = async () => (await release.promise, extractResult());
    await start({ extract: { concurrency: 1, work: slow } });
    await pipeline.upload(); // at work: its lease expires, for the clock is moved
    const waiting = [await pipeline.upload(), await pipeline.upload()];
    await until(async () => (await pipeline.catalog.dueOutbox(10)).length === 0);
    pipeline.advance(20 * minute);
    const made = jest.spyOn(pipeline.catalog, 'requeueStage');
    await pipeline.sweeper.sweep();
    const again = made.mock.calls.map(([{ imageId }]) => imageId);
    for (const { imageId } of waiting) expect(again).not.toContain(imageId);
    release.resolve();
    await pipeline.idle();
    for (const { imageId } of waiting) expect((await pipeline.image(imageId)).status).toBe('organized');
  });

  it('When a process starts again, then images whose events died with its bus go on, whatever waits on the new one.', async () => {
    const release = Promise.withResolvers<void>();
    await start({
      withoutRelay: true,
      extract: { concurrency: 1, work: async () => (await release.promise, extractResult()) },
    });
    const { imageId: lost } = await pipeline.upload();
    for (const entry of await pipeline.catalog.dueOutbox(10)) await pipeline.catalog.markPublished(entry); // on the bus that died
    await pipeline.relay.start();
    await pipeline.upload();
    await pipeline.upload();
    await until(async () => (await pipeline.bus.depth(queues.ocrImageUploaded)) > 0);
    await pipeline.sweeper.sweep({ nothingOnTheWay: true });
    release.resolve();
    await pipeline.idle();
    expect((await pipeline.image(lost)).status).toBe('organized');
    await pipeline.relay.stop();
  });

  it('When the email of a completed batch was forgotten, then it is sent, once.', async () => {
    const sent: string[] = [];
    await start({ withoutRelay: true, send: async ({ batchId }) => void sent.push(batchId) });
    const { batchId } = await pipeline.upload();
    await pipeline.relay.start();
    const publish = pipeline.bus.publish.bind(pipeline.bus);
    jest.spyOn(pipeline.bus, 'publish').mockImplementation(async (message) => {
      if (message.event !== 'batch.completed' || sent.length) await publish(message);
    });
    await pipeline.idle();
    expect(sent).toEqual([]);
    jest.restoreAllMocks();
    pipeline.advance(20 * minute);
    await pipeline.sweeper.sweep();
    await pipeline.idle();
    pipeline.advance(20 * minute);
    await pipeline.sweeper.sweep();
    await pipeline.idle();
    expect(sent).toEqual([batchId]);
    await pipeline.relay.stop();
  });

  it('When an upload died, then its bytes and its batch go after the grace, and nothing else goes.', async () => {
    await start();
    const kept = await pipeline.upload();
    await pipeline.idle();
    const dead = randomUUID();
    const expiresAt = new Date(pipeline.clock.now().getTime() + minute);
    await pipeline.catalog.openUpload({ imageId: dead, ownerId: pipeline.ownerId, expiresAt });
    await pipeline.catalog.openUpload({ imageId: kept.imageId, ownerId: pipeline.ownerId, expiresAt }); // of an accepted image
    await pipeline.blobs.put(dead, Readable.from(['half a picture']));
    const unknown = randomUUID();
    await pipeline.blobs.put(`${unknown}.1.small`, Readable.from(['a rendition nobody names']));
    await pipeline.sweeper.sweep();
    expect(await pipeline.blobs.list({ limit: 10 })).toHaveLength(3);
    pipeline.advance(2 * minute);
    await pipeline.sweeper.sweep();
    expect((await pipeline.blobs.list({ limit: 10 })).map(({ id }) => id)).toEqual([kept.imageId]);
    expect(await pipeline.catalog.expiredUploads(new Date(8.64e15), 10)).toEqual([]);
  });

  it('When two processes sweep, then one of them does.', async () => {
    await start();
    const now = pipeline.clock.now();
    expect(await pipeline.catalog.holdLease({ name: 'sweeper', holder: 'other', now, ttlMs: minute })).toBe(
      true,
    );
    expect(await pipeline.sweeper.sweep()).toBe(false);
    pipeline.advance(2 * minute);
    expect(await pipeline.sweeper.sweep()).toBe(true);
  });
});

describe('A delivery', () => {
  const completedTwice = async (batchId: string) => {
    const event = () =>
      batchCompletedEntry({ batchId, ownerId: pipeline.ownerId, requestId: null }, pipeline.clock.now());
    await Promise.all([
      pipeline.bus.publish(messageOfEntry(event())),
      pipeline.bus.publish(messageOfEntry(event())),
    ]);
    await pipeline.idle();
  };

  it('When the event comes twice at once, then one email is sent.', async () => {
    const sent: string[] = [];
    await start({ send: async ({ batchId }) => void sent.push(batchId) });
    const batchId = randomUUID();
    await completedTwice(batchId);
    expect(sent).toEqual([batchId]);
  });

  it('When sending fails for a while, then it is tried again, and sent once.', async () => {
    let tries = 0;
    await start({
      send: async () => {
        if (++tries < 3) throw new Error('421 try later');
      },
    });
    await completedTwice(randomUUID());
    expect(tries).toBe(3);
  });

  it('When the mail is refused for good, then it is dead with the reason and not sent again.', async () => {
    let tries = 0;
    await start({
      send: async () => {
        tries += 1;
        throw new PermanentError('MAIL_REFUSED', '550 no such user');
      },
    });
    await completedTwice(randomUUID());
    expect(tries).toBe(1);
    expect((await pipeline.bus.deadLetters(10)).map(({ reason }) => reason)).toEqual([
      'MAIL_REFUSED: 550 no such user',
    ]);
  });
});

async function untilStatus(imageId: string, status: string): Promise<void> {
  while ((await pipeline.image(imageId)).status !== status)
    await new Promise((resolve) => setTimeout(resolve, 5));
}
