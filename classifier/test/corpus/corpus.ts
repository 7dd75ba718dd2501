import { texts } from './texts.ts';

export interface Sample {
  /** Line number of its text, to find it by. */
  name: string;
  expected: string;
  text: string;
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
