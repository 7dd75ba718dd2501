import { texts } from './texts.ts';

export interface Sample {
  /** Line number of its text, to find it by. */
  name: string;
  expected: string;
  text: string;
}

/** Pseudo-random numbers from 0 to 1, the same at every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const corpus: Sample[] = texts
  .split(/^== /m)
  .slice(1)
  .map((part, index) => {
    const [expected = '', ...lines] = part.split('\n');
    return { name: `${index + 1}: ${expected}: ${lines[0]}`, expected, text: lines.join('\n').trim() };
  });

const lookAlikes: Record<string, string> = {
  o: '0',
  O: '0',
  l: '1',
  I: 'l',
  S: '5',
  B: '8',
  e: 'c',
  m: 'rn',
};

/** What OCR makes of a text: 2 letters of 100 dropped, 2 misread, 5 spaces of 100 lost. */
export const noisy = (text: string, random: () => number): string =>
  [...text]
    .map((letter) => {
      const chance = random();
      if (letter === ' ') return chance < 0.05 ? '' : letter;
      if (/\p{L}/u.test(letter) && chance < 0.02) return '';
      return chance < 0.04 ? (lookAlikes[letter] ?? letter) : letter;
    })
    .join('');
