export interface CutText {
  text: string;
  /** Letters of the original in `text`, and in all. */
  shown: number;
  total: number;
}

/** The end of a page says as much as its beginning: totals, signatures, addresses. */
const headShare = 0.7;

/** Tokens of one letter, rather too many than too few: words of a dictionary have four letters to a token, numbers two. */
const weightOf = (letter: string): number =>
  /[a-z\s]/i.test(letter) ? 0.25 : letter.charCodeAt(0) < 128 ? 0.5 : 1;

/** A guess, for servers that do not count and for texts before they are sent. */
export const estimateTokens = (text: string): number =>
  Math.ceil([...text].reduce((sum, letter) => sum + weightOf(letter), 0));

/** Beginning and end of a text of at most about `tokens` tokens, with a note of what is missing between them. */
export function cutText(text: string, tokens: number): CutText {
  const letters = [...text];
  const total = letters.length;
  if (estimateTokens(text) <= tokens) return { text, shown: total, total };
  const head = fitting(letters, tokens * headShare);
  const tail = fitting(letters.toReversed(), tokens * (1 - headShare));
  const shown = head + tail;
  const note = `\n[${total - shown} characters are left out here]\n`;
  return {
    text: letters.slice(0, head).join('') + note + letters.slice(total - tail).join(''),
    shown,
    total,
  };
}

/** How many of the first letters fit. */
function fitting(letters: string[], tokens: number): number {
  let sum = 0;
  const end = letters.findIndex((letter) => (sum += weightOf(letter)) > tokens);
  return end === -1 ? letters.length : end;
}
