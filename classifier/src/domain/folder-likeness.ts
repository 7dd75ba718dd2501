import { createLRU } from 'lru.min';
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

/** Words with their weights, each once. */
type Vector = [word: string, weight: number][];

/**
 * The vectors of folders that were met lately, by content alone, for most have not changed since the owner's last
 * image. One takes some 5 kB.
 */
const rememberedFolders = 5_000;

/**
 * @param background sets of words that count like folders, so that a word's rarity is known while there are few folders
 * @returns a function that says how like each folder's contents the image is
 */
export function createFolderComparison(
  background: string[][],
): (image: ImageWords, folders: FolderProfile[]) => Likeness[] {
  const remembered = createLRU<string, Vector>({ max: rememberedFolders });

  function vectorOf(folder: FolderProfile): Vector {
    const content = [folder.path, folder.description, ...folder.commonWords].join('\n');
    const vector = remembered.get(content) ?? makeVector(folder);
    remembered.set(content, vector);
    return vector;
  }

  return (image, folders) => {
    const vectors = folders.map((folder) => ({ folder, vector: vectorOf(folder) }));
    const rarity = rarityIn(
      vectors.map(({ vector }) => vector),
      background,
    );
    const weigh = (word: string, weight: number) => weight * (rarity.get(word) ?? unknownWordWeight);
    const bag = new Map([...image.bag].map(([word, weight]) => [word, weigh(word, weight)]));
    const bagNorm = Math.sqrt([...bag.values()].reduce((total, weight) => total + weight ** 2, 0));
    return vectors.map(({ folder, vector }) => ({ folder, ...compare(vector, weigh, bag, bagNorm) }));
  };
}

function compare(
  vector: Vector,
  weigh: (word: string, weight: number) => number,
  bag: Map<string, number>,
  bagNorm: number,
): Omit<Likeness, 'folder'> {
  const shared: { word: string; product: number }[] = [];
  let [dot, squares] = [0, 0];
  for (const [word, plain] of vector) {
    const weight = weigh(word, plain);
    squares += weight ** 2;
    const product = weight * (bag.get(word) ?? 0);
    if (product === 0) continue;
    dot += product;
    shared.push({ word, product });
  }
  return {
    cosine: dot === 0 ? 0 : dot / (bagNorm * Math.sqrt(squares)),
    words: shared.sort((one, other) => other.product - one.product).map(({ word }) => word),
  };
}

/** Common words come most typical first: the last ones count half. */
function makeVector({ path, description, commonWords }: FolderProfile): Vector {
  const vector = new Map<string, number>();
  const add = (word: string, weight: number) => {
    if (!isStopWord(word)) vector.set(word, Math.max(weight, vector.get(word) ?? 0));
  };
  for (const word of wordsOf(path)) add(word, sourceWeights.path);
  for (const year of path.match(/\b(19|20)\d\d\b/g) ?? []) add(year, sourceWeights.path);
  for (const word of wordsOf(description)) add(word, sourceWeights.description);
  wordsOf(commonWords.join(' ')).forEach((word, rank, { length }) =>
    add(word, sourceWeights.learnt * (1 - rank / length / 2)),
  );
  return [...vector];
}

/** Inverse document frequency. */
function rarityIn(vectors: Vector[], background: string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (word: string) => void counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const vector of vectors) for (const [word] of vector) count(word);
  for (const words of background) words.forEach(count);
  const documents = vectors.length + background.length;
  return new Map([...counts].map(([word, count]) => [word, Math.log(1 + documents / count)]));
}
