import { englishStopWords } from './english-stop-words.ts';
import type { ImageRecord } from './records.ts';

const maxWords = 50;
/** From this many images on, a folder is known by what is in it. */
const enoughImages = 5;

/** How many of a folder's newest images its common words are learned from. */
export const learnedFromImages = 100;

type Described = Pick<ImageRecord, 'caption' | 'tags' | 'text'>;

/**
 * The words that most of these images have (caption, tags, text), most common first, at most 50.
 * @param images the folder's newest
 * @param initial words the folder was created with: they lead while it has few images
 */
export function commonWords(images: Described[], initial: string[]): string[] {
  const learned = wordsByFrequency(images);
  const words = images.length < enoughImages ? [...new Set([...initial, ...learned])] : learned;
  return words.slice(0, maxWords);
}

/** Equally common words in alphabetical order, so that the same images always give the same list. */
function wordsByFrequency(images: Described[]): string[] {
  const imagesWith = new Map<string, number>();
  for (const word of images.flatMap((image) => [...distinctWords(image)])) {
    imagesWith.set(word, (imagesWith.get(word) ?? 0) + 1);
  }
  return [...imagesWith]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([word]) => word);
}

function distinctWords({ caption, tags, text }: Described): Set<string> {
  const all = [caption ?? '', ...tags, text ?? ''].join('\n').normalize('NFC').toLowerCase();
  return new Set(
    all.match(/[\p{L}\p{N}]{3,}/gu)?.filter((word) => /\p{L}/u.test(word) && !englishStopWords.has(word)),
  );
}
