import { existsSync, readFileSync } from 'node:fs';
import { createLocalClassifier } from '../src/domain/local-classifier.ts';
import { seededRandom } from '@image-organizer/testing/seeded-random';
import { corpus, noisy } from './corpus/corpus.ts';
import { imageWith } from './images.ts';

const classifier = createLocalClassifier({ reviewBelow: 0.5 });
const decide = (text: string, filename = 'upload.jpg') =>
  classifier.decide(imageWith({ text, filename }), [], { signal: new AbortController().signal });

async function evaluate(samples: { name: string; expected: string; text: string }[]) {
  const made = await Promise.all(
    samples.map(async (sample) => ({ ...sample, decision: await decide(sample.text) })),
  );
  const right = made.filter(({ expected, decision }) => decision.toDir === expected);
  const wrongAndSure = made.filter(
    ({ expected, decision }) => decision.toDir !== expected && !decision.needsReview,
  );
  return { right: right.length / made.length, wrongAndSure: wrongAndSure.length / made.length };
}

describe('the corpus', () => {
  it('When texts are read cleanly, then most find their folder and hardly any is put wrong with confidence', async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(60);
    const { right, wrongAndSure } = await evaluate(corpus);
    expect(right).toBeGreaterThanOrEqual(0.85);
    expect(wrongAndSure).toBeLessThanOrEqual(0.05);
  });

  it.each([1, 2, 3])('When OCR garbles them (noise %i), then the same holds', async (seed) => {
    const random = seededRandom(seed);
    const garbled = corpus.map((sample) => ({ ...sample, text: noisy(sample.text, random) }));
    const { right, wrongAndSure } = await evaluate(garbled);
    expect(right).toBeGreaterThanOrEqual(0.85);
    expect(wrongAndSure).toBeLessThanOrEqual(0.05);
  });
});

const manifest = '/work/shared/images/manifest.json';
const samples = existsSync(manifest)
  ? (JSON.parse(readFileSync(manifest, 'utf8')) as { file: string; kind: string; text: string }[])
  : [];

(samples.length > 0 ? describe : describe.skip)('the shared images’ true texts', () => {
  it('When they are of receipts, then each goes to Receipts', async () => {
    const receipts = samples.filter(({ kind }) => kind === 'receipt');
    const folders = await Promise.all(receipts.map(async ({ text }) => (await decide(text)).toDir));
    expect(folders).toEqual(receipts.map(() => 'Receipts'));
  });

  it('When there is no text, then none is put anywhere with confidence', async () => {
    const empty = samples.filter(({ text }) => text === '');
    const decisions = await Promise.all(empty.map(({ text }) => decide(text)));
    expect(decisions.every(({ needsReview }) => needsReview)).toBe(true);
  });
});
