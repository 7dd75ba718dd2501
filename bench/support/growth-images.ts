import { createHash, randomUUID } from 'node:crypto';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { accepted, claimed, completed, failed } from '@image-organizer/adapters/catalog/stage-changes';
import { seededRandom } from '@image-organizer/testing/seeded-random';
import { classifyResult, extractResult, newImage, organizeResult } from '@image-organizer/testing/builders';

/** What a catalogue was filled with, as far as questions to it need it. */
export interface Facts {
  ownerId: string;
  folders: string[];
  /** In how many images each occurs. */
  words: Map<string, number>;
  tags: string[];
  /** Images here and there, by upload. */
  samples: ImageRecord[];
}

const start = Date.UTC(2021, 10, 21);
const fiveYears = 5 * 365 * 86_400_000;
const wordsPerText = 60;

const syllables = 'ba ce di fo gu ka le mi no pu ra se ti vo zu bra cle dri fro glu'.split(' ');
const endings = ['', 's', 'ed', 'ing', 'ers'];

/** 20,000 words, by rank: two to four syllables and an ending. */
function makeVocabulary(): string[] {
  const random = seededRandom(1);
  const oneOf = (some: string[]) => some[Math.floor(random() * some.length)]!;
  const words = new Set<string>();
  while (words.size < 20_000) {
    const stem = Array.from({ length: 2 + Math.floor(random() * 3) }, () => oneOf(syllables)).join('');
    words.add(stem + oneOf(endings));
  }
  return [...words];
}
const vocabulary = makeVocabulary();

/** Ranks by Zipf's law: the first is drawn twice as often as the second. */
function zipf(count: number, random: () => number): () => number {
  const harmonic = Math.log(count) + 0.5772;
  return () => Math.min(count - 1, Math.floor(Math.exp(random() * harmonic)) - 1);
}

/** 20 folders with 9 in each, of very different sizes. */
export const folders = Array.from({ length: 200 }, (_, nth) =>
  nth % 10 === 0 ? `Folder ${nth / 10}` : `Folder ${Math.floor(nth / 10)}/${vocabulary[nth]!}`,
);

/**
 * The images of one owner in the order of their upload, spread over five years: texts of 60 words by Zipf's law, 200
 * folders, two of 300 tags each. One in 50 has failed, the last 20 are at work or wait.
 * @param facts filled on the way
 */
export function* growthImages(count: number, facts: Facts): Generator<ImageRecord> {
  const random = seededRandom(count);
  const nextWord = zipf(vocabulary.length, random);
  const nextFolder = zipf(folders.length, random);
  for (let nth = 0; nth < count; nth++) {
    const words = Array.from({ length: wordsPerText }, () => vocabulary[nextWord()]!);
    for (const each of new Set(words)) facts.words.set(each, (facts.words.get(each) ?? 0) + 1);
    const image = imageOf(nth, count, facts, words.join(' '), folders[nextFolder()]!, random);
    if (nth % Math.ceil(count / 50) === 0) facts.samples.push(image);
    yield image;
  }
}

function imageOf(
  nth: number,
  count: number,
  { ownerId, tags }: Facts,
  text: string,
  folder: string,
  random: () => number,
): ImageRecord {
  const id = randomUUID();
  const uploadedAt = new Date(start + Math.floor((fiveYears * (nth + random())) / count));
  const filename = `${text.slice(0, 12).trim()} ${nth}.jpg`;
  const size = Math.floor(50_000 + random() * 5_000_000);
  const sha256 = createHash('sha256').update(id).digest('hex');
  const image = accepted(
    newImage({ id, ownerId, batchId: `batch-${Math.floor(nth / 20)}`, filename, size, sha256, uploadedAt }),
    null,
  );
  const now = uploadedAt;
  const request = { owner: 'ocr-1', now, leaseMs: 30_000 };
  const fromEnd = count - nth;
  if (fromEnd <= 10) return image;
  const reading = claimed(image, 'extract', request);
  if (fromEnd <= 20) return reading;
  if (nth % 50 === 7)
    return failed(reading, 'extract', { code: 'BLURRED', detail: 'nothing can be read' }, now);
  const durationMs = 100 + random() * 1_000;
  const read = completed(reading, 'extract', { result: extractResult({ text }), durationMs, now });
  const tagged = [tags[Math.floor(random() * tags.length)]!, tags[nth % 5]!];
  const decision = classifyResult({ tags: tagged, toDir: folder, caption: text.slice(0, 40), filename });
  const understood = completed(claimed(read, 'classify', request), 'classify', {
    result: decision,
    durationMs: 5,
    now,
  });
  return completed(claimed(understood, 'organize', request), 'organize', {
    result: organizeResult({ folder, filename }),
    durationMs: 9,
    now: new Date(now.getTime() + durationMs),
  });
}

export const newFacts = (ownerId: string): Facts => ({
  ownerId,
  folders,
  words: new Map(),
  tags: Array.from({ length: 300 }, (_, nth) => `tag-${vocabulary[nth]!}`),
  samples: [],
});
