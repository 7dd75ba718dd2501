import { Readable } from 'node:stream';
import { blobsOf } from './orphan-scan.ts';
import { renditionBlobId } from '@image-organizer/adapters/blob-store/blob-ids';
import { extractResult, rendition } from '@image-organizer/testing/builders';
import { startPipeline } from '@image-organizer/testing/start-pipeline';

type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

const day = 24 * 3_600_000;
let pipeline: Pipeline;
beforeEach(async () => {
  pipeline = await startPipeline({
    extract: {
      async work({ id }, { epoch }) {
        const named = async (name: 'small' | 'medium' | 'compressed') => {
          const blobId = renditionBlobId(id, epoch, name);
          await pipeline.blobs.put(blobId, Readable.from([Buffer.from(name)]));
          return rendition({ blobId });
        };
        const renditions = {
          small: await named('small'),
          medium: await named('medium'),
          compressed: await named('compressed'),
        };
        return extractResult({ renditions });
      },
    },
  });
});
afterEach(() => pipeline.stop());

const say = (imageId: string, kind: 'trash' | 'restore') => {
  const correction = kind === 'trash' ? { kind } : { kind, placedName: `${imageId}.jpg` };
  const word = { by: 'ada@example.org', now: pipeline.clock.now(), event: () => null };
  return pipeline.catalog.correctImage({ ownerId: pipeline.ownerId, imageId, correction, ...word });
};
const blobIds = async () => (await pipeline.blobs.list({ limit: 100 })).map(({ id }) => id);

it('When images lay in the trash for 30 days, then the sweeper forgets them with all their bytes, and no others', async () => {
  const ids = [await pipeline.upload(), await pipeline.upload(), await pipeline.upload()];
  await pipeline.idle();
  const [gone, restored, living] = ids.map(({ imageId }) => imageId) as [string, string, string];
  await say(gone, 'trash');
  await say(restored, 'trash');
  pipeline.advance(30 * day - 60_000);
  await pipeline.sweeper.sweep();
  expect(await pipeline.catalog.findImages([gone])).toHaveLength(1);
  expect(await blobIds()).toHaveLength(12);

  await say(restored, 'restore');
  pipeline.advance(120_000);
  await pipeline.sweeper.sweep();
  expect(await pipeline.catalog.findImages([gone])).toEqual([]);
  const left = await pipeline.catalog.findImages([restored, living]);
  expect((await blobIds()).sort()).toEqual(left.flatMap(blobsOf).sort());
});
