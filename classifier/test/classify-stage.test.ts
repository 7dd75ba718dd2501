import type { ImageRecord, PlacementRecord } from '@image-organizer/adapters/catalog/records';
import type { Decision } from '@image-organizer/contracts/decision';
import { decision } from '@image-organizer/contracts/decision';
import type { WorkContext } from '@image-organizer/pipeline/define-stage';
import { classifyStage } from '../src/classify-stage.ts';
import { createLocalClassifier } from '../src/domain/local-classifier.ts';
import { corpus } from './corpus/corpus.ts';
import { folderWith } from './images.ts';

const context = { signal: new AbortController().signal } as WorkContext<'classify'>;
const text = corpus.find(({ expected }) => expected === 'Receipts')!.text;

const imageRecord = (known: Partial<ImageRecord>): ImageRecord =>
  ({
    id: 'image',
    ownerId: 'owner',
    filename: 'copy.jpg',
    metadata: null,
    text,
    duplicateOf: null,
    requestedFolder: null,
    decision: null,
    placement: null,
    caption: null,
    tags: [],
    ...known,
  }) as ImageRecord;

const placement: PlacementRecord = {
  folder: 'Trips/Port Anson',
  filename: 'first.jpg',
  by: 'user',
  confidence: 1,
  reason: 'You moved it here.',
  runnerUp: null,
  matchedWords: [],
  needsReview: false,
  suggestions: [],
  model: 'local',
  promptVersion: 'taxonomy-1',
};

/** A catalogue of one owner with these images and folders. */
const stageWith = (images: ImageRecord[] = [], paths: string[] = []) =>
  classifyStage({
    classifier: createLocalClassifier({ reviewBelow: 0.5 }),
    catalog: {
      getImage: async (ownerId, id) => images.find((image) => image.ownerId === ownerId && image.id === id),
      listFolders: async (ownerId) => paths.map((path) => ({ ...folderWith(path), ownerId, count: 1 })),
    },
  });

async function decide(image: ImageRecord, images?: ImageRecord[], paths?: string[]): Promise<Decision> {
  const result = await stageWith(images, paths).work(image, context);
  return decision.parse(result.decision);
}

const firstDecision = () => decide(imageRecord({}));
const twin = async (known: Partial<ImageRecord> = {}) =>
  imageRecord({
    id: 'first',
    filename: 'first.jpg',
    decision: await firstDecision(),
    placement,
    caption: 'Ice cream at the harbour',
    tags: ['ice cream'],
    ...known,
  });

describe('the stage classify', () => {
  it('When an image was read, then a folder is found among its owner’s', async () => {
    expect(await decide(imageRecord({}), [], ['RECEIPTS'])).toMatchObject({
      toDir: 'RECEIPTS',
      isNewDir: false,
    });
  });

  it('When the same picture was placed before, then it goes to the same folder with the same words', async () => {
    const made = await decide(imageRecord({ duplicateOf: 'first' }), [await twin()], ['Trips/Port Anson']);
    expect(made).toMatchObject({
      filename: 'copy.jpg',
      toDir: 'Trips/Port Anson',
      isNewDir: false,
      caption: 'Ice cream at the harbour',
      tags: ['ice cream'],
      reason: 'It is the same picture as “first.jpg”, which is in “Trips/Port Anson”.',
    });
  });

  it('When the twin is gone, not placed yet or waits for review, then the image is looked at afresh', async () => {
    const twins = [
      [],
      [await twin({ placement: null })],
      [await twin({ placement: { ...placement, needsReview: true } })],
    ];
    const made = await Promise.all(
      twins.map((images) => decide(imageRecord({ duplicateOf: 'first' }), images)),
    );
    expect(made.map(({ toDir }) => toDir)).toEqual(['Receipts', 'Receipts', 'Receipts']);
  });

  it('When it was the machine that placed the twin, and under other settings, then the image is looked at afresh', async () => {
    const byMachine = await twin({ placement: { ...placement, by: 'auto' } });
    const stale = { ...byMachine, decision: { ...byMachine.decision!, stamp: 'an older model' } };
    const copy = imageRecord({ duplicateOf: 'first' });
    expect((await decide(copy, [byMachine])).toDir).toBe('Trips/Port Anson');
    expect((await decide(copy, [stale])).toDir).toBe('Receipts');
  });

  it('When an image is decided on, then the decision says under which settings', async () => {
    const { stamp } = createLocalClassifier({ reviewBelow: 0.5 });
    expect(await firstDecision()).toMatchObject({ stamp, model: 'local' });
    expect(createLocalClassifier({ reviewBelow: 0.6 }).stamp).not.toBe(stamp);
  });

  it('When the twin is somebody else’s, then nothing of it is used', async () => {
    const made = await decide(imageRecord({ duplicateOf: 'first' }), [await twin({ ownerId: 'another' })]);
    expect(made.toDir).toBe('Receipts');
  });

  it('When a folder was asked for, then it goes before the twin’s', async () => {
    const image = imageRecord({ duplicateOf: 'first', requestedFolder: 'Taxes 2023' });
    expect(await decide(image, [await twin()])).toMatchObject({ toDir: 'Taxes 2023', confidence: 1 });
  });
});
