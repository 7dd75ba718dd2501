import { startPipeline } from '@image-organizer/testing/start-pipeline';
import { decision } from '@image-organizer/testing/builders';
import { organizeStage } from '../src/organize-stage.ts';

type Pipeline = Awaited<ReturnType<typeof startPipeline>>;
let pipeline: Pipeline;
afterEach(() => pipeline.stop());

const start = async (decided: Partial<ReturnType<typeof decision>>) => {
  pipeline = await startPipeline({
    classify: { work: async () => ({ decision: decision(decided) }) },
    organize: { work: (image) => organizeStage(pipeline).work(image, undefined as never) },
  });
};

it('When many images of one name go into one new folder at once, then each has a name of its own and the folder exists once.', async () => {
  await start({ isNewDir: true, toDir: 'Receipts', description: 'Till receipts', commonWords: ['total'] });
  const uploads = await Promise.all(Array.from({ length: 12 }, () => pipeline.upload()));
  await pipeline.idle();
  const images = await Promise.all(uploads.map(({ imageId }) => pipeline.image(imageId)));
  expect(new Set(images.map(({ placement }) => placement!.filename)).size).toBe(12);
  expect(await pipeline.catalog.listFolders(pipeline.ownerId)).toMatchObject([
    { path: 'Receipts', description: 'Till receipts', createdBy: 'auto', count: 12 },
  ]);
});

it('When nothing is known of an image, then it waits in Unsorted for a person.', async () => {
  await start({ toDir: '..', confidence: 0, needsReview: false });
  const { imageId } = await pipeline.upload();
  await pipeline.idle();
  expect((await pipeline.image(imageId)).placement).toMatchObject({ folder: 'Unsorted', needsReview: true });
});
