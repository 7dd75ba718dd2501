import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { originalBlobId, renditionBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import { BlobNotFoundError, type BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import type { ExtractResult, ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { StageStatus } from '@image-organizer/contracts/vocabulary';
import { silentLog } from '@image-organizer/platform/log';
import { readOcrConfig } from '../src/config.ts';
import { extractStage } from '../src/extract-stage.ts';
import { readingOf } from './reading.ts';

const config = readOcrConfig({});
const signal = new AbortController().signal;
const reading = readingOf([
  [
    ['Total', 96],
    ['due', 90],
  ],
]);

let dir: string;
let blobs: BlobStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'extract-'));
  blobs = await createDiskBlobStore({ directory: dir, log: silentLog() });
});
afterEach(async () => {
  await blobs.close();
  await rm(dir, { recursive: true });
});

const imageOf = (id: string, fields: Partial<ImageRecord> = {}) =>
  ({ id, ownerId: 'owner', size: 4_113, duplicateOf: null, ...fields }) as ImageRecord;

/** The stage with an engine that reads "Total due" in everything, and what its work left. */
function setUp(images: ImageRecord[] = []) {
  const reports: Partial<ExtractResult>[] = [];
  let read = 0;
  const stage = extractStage({
    blobs,
    config,
    catalog: {
      getImage: async (ownerId, id) => images.find((image) => image.id === id && image.ownerId === ownerId),
    },
    engine: {
      async recognize() {
        read++;
        return reading;
      },
      close: async () => {},
    },
  });
  const work = (image: ImageRecord, epoch = 1, stop = signal) =>
    stage.work(image, {
      epoch,
      attempt: 1,
      signal: stop,
      log: silentLog(),
      report: async (part) => void reports.push(part),
    });
  return { stage, work, reports, timesRead: () => read };
}

async function upload(id: string): Promise<void> {
  const file = await readFile(join(import.meta.dirname, 'fixtures/page.png'));
  await blobs.put(originalBlobId(id), Readable.from([file]));
}

/** An image whose bytes were read before, with the stage in the given state. */
async function makeTwin(status: StageStatus): Promise<ImageRecord> {
  await upload('twin');
  const result = await setUp().work(imageOf('twin'), 4);
  return imageOf('twin', {
    ...result,
    text: 'of the twin',
    stages: { extract: { status } } as ImageRecord['stages'],
  });
}

it('when an image is read, then renditions and metadata are reported before the text is there', async () => {
  await upload('one');
  const { work, reports } = setUp();
  const result = await work(imageOf('one'), 3);
  expect(result).toMatchObject({
    text: 'Total due',
    textConfidence: 93,
    language: 'eng',
    metadata: { format: 'png' },
  });
  expect(reports).toEqual([{ metadata: result.metadata, renditions: result.renditions }]);
});

it('when an image is read, then its renditions are stored under ids of the attempt', async () => {
  await upload('one');
  const { renditions } = await setUp().work(imageOf('one'), 3);
  for (const name of ['small', 'medium', 'compressed'] as const) {
    const { blobId, size, sha256 } = renditions[name];
    expect(blobId).toBe(renditionBlobId('one', 3, name));
    expect(await blobs.stat(blobId)).toMatchObject({ size, sha256 });
    expect((await buffer(await blobs.open(blobId))).subarray(0, 2).toString('hex')).toBe('ffd8');
  }
});

it('when the same bytes were read before, then the image is not read and has renditions of its own', async () => {
  const twin = await makeTwin('done');
  const { work, timesRead } = setUp([twin]);
  const result = await work(imageOf('two', { duplicateOf: 'twin' }), 2);
  expect(result).toMatchObject({ text: 'of the twin', metadata: twin.metadata });
  expect(result.renditions.small.blobId).toBe(renditionBlobId('two', 2, 'small'));
  expect(await blobs.stat(result.renditions.small.blobId)).toMatchObject({
    sha256: twin.renditions!.small.sha256,
  });
  expect(timesRead()).toBe(0);
});

it.each(['pending', 'running'] as const)(
  'when the same bytes are %s elsewhere, then the image is postponed',
  async (status) => {
    const { work } = setUp([await makeTwin(status)]);
    await expect(work(imageOf('two', { duplicateOf: 'twin' }))).rejects.toMatchObject({
      name: 'PostponedError',
      delayMs: 2_000,
    });
  },
);

it.each([
  ['failed', async () => [await makeTwin('failed')]],
  ['is gone', async () => []],
  ['belongs to somebody else', async () => [{ ...(await makeTwin('done')), ownerId: 'other' }]],
  [
    'lost its renditions',
    async () => {
      const twin = await makeTwin('done');
      await blobs.delete(twin.renditions!.medium.blobId);
      return [twin];
    },
  ],
])('when the earlier image with the same bytes %s, then this one is read', async (_, twins) => {
  const { work, timesRead } = setUp(await twins());
  await upload('two');
  expect((await work(imageOf('two', { duplicateOf: 'twin' }))).text).toBe('Total due');
  expect(timesRead()).toBe(1);
});

it('when the file is damaged, then it fails for good and leaves nothing', async () => {
  await blobs.put(originalBlobId('bad'), Readable.from([Buffer.alloc(10, 7)]));
  const { work } = setUp();
  await expect(work(imageOf('bad'))).rejects.toMatchObject({
    name: 'PermanentError',
    code: 'UNSUPPORTED_IMAGE',
  });
  expect((await blobs.list({ limit: 10 })).map(({ id }) => id)).toEqual(['bad']);
});

it('when the file is larger than allowed, then it is refused unread', async () => {
  const { work } = setUp();
  await expect(work(imageOf('big', { size: config.maxUploadBytes + 1 }))).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
  });
});

it('when the original is not in the store, then the attempt may be repeated', async () => {
  await expect(setUp().work(imageOf('none'))).rejects.toThrow(BlobNotFoundError);
});

it('when the claim is lost, then the work stops with its reason', async () => {
  await upload('one');
  const stop = new AbortController();
  stop.abort(new Error('fenced'));
  await expect(setUp().work(imageOf('one'), 1, stop.signal)).rejects.toThrow('fenced');
});

it('when an attempt is discarded, then its renditions go and those of other attempts stay', async () => {
  await upload('one');
  const { stage, work } = setUp();
  await work(imageOf('one'), 1);
  await work(imageOf('one'), 2);
  await stage.discard!(imageOf('one'), 1);
  await stage.discard!(imageOf('one'), 1);
  const ids = (await blobs.list({ limit: 10 })).map(({ id }) => id);
  expect(ids.sort()).toEqual(['one', 'one.2.compressed', 'one.2.medium', 'one.2.small']);
});
