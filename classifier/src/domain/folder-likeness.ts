import type { FolderProfile } from './classifier.ts';
import type { ImageWords } from './image-words.ts';
import { isStopWord, wordsOf } from './words.ts';

/** How much a folder's words count by where they stand: what was learnt from its images says most. */
const sourceWeights = { learnt: 1, path: 0.8, description: 0.4 } as const;
/** A word that no folder has is mostly OCR noise: it makes an image a little less like any folder. */
const unknownWordWeight = 1;

export interface Likeness {
  folder: FolderProfile;
  /** Cosine of the TF-IDF vectors of image and folder, 0 to 1. */
  cosine: number;
  /** Words they share, the most telling first. */
  words: string[];
}

type Vector = Map<string, number>;

/**
 * How like each folder's contents the image is.
 * @param background sets of words that count like folders, so that a word's rarity is known while there are few folders
 */
export function compareWithFolders(
  image: ImageWords,
  folders: FolderProfile[],
  background: Iterable<string>[],
): Likeness[] {
  const vectors = folders.map((folder) => ({ folder, vector: vectorOf(folder) }));
  const rarity = rarityIn([...vectors.map(({ vector }) => vector.keys()), ...background]);
  const weigh = (vector: Vector): Vector =>
    new Map([...vector].map(([word, weight]) => [word, weight * (rarity.get(word) ?? unknownWordWeight)]));
  const bag = weigh(image.bag);
  const length = norm(bag);
  return vectors.map(({ folder, vector }) => compare(folder, weigh(vector), bag, length));
}

function compare(folder: FolderProfile, vector: Vector, bag: Vector, bagNorm: number): Likeness {
  const shared = [...vector]
    .map(([word, weight]) => ({ word, product: weight * (bag.get(word) ?? 0) }))
    .filter(({ product }) => product > 0)
    .sort((one, other) => other.product - one.product);
  const dot = shared.reduce((total, { product }) => total + product, 0);
  return {
    folder,
    cosine: dot === 0 ? 0 : dot / (bagNorm * norm(vector)),
    words: shared.map(({ word }) => word),
  };
}

/** Common words come most typical first: the last ones count half. */
function vectorOf({ path, description, commonWords }: FolderProfile): Vector {
  const vector: Vector = new Map();
  const add = (word: string, weight: number) => {
    if (!isStopWord(word)) vector.set(word, Math.max(weight, vector.get(word) ?? 0));
  };
  for (const word of wordsOf(path)) add(word, sourceWeights.path);
  for (const year of path.match(/\b(19|20)\d\d\b/g) ?? []) add(year, sourceWeights.path);
  for (const word of wordsOf(description)) add(word, sourceWeights.description);
  wordsOf(commonWords.join(' ')).forEach((word, rank, { length }) =>
    add(word, sourceWeights.learnt * (1 - rank / length / 2)),
  );
  return vector;
}

/** Inverse document frequency. */
function rarityIn(documents: Iterable<string>[]): Vector {
  const counts = new Map<string, number>();
  for (const words of documents) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].map(([word, count]) => [word, Math.log(1 + documents.length / count)]));
}

const norm = (vector: Vector): number =>
  Math.sqrt([...vector.values()].reduce((total, weight) => total + weight ** 2, 0));
