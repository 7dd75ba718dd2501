/** Words as a bag: letters and digits, case ignored. */
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Bag-of-words recall, 0 to 1: how many of the truth's words were read, each as often as it stands there. */
export function recallOf(truth: string, read: string): number {
  const counts = new Map<string, number>();
  for (const word of wordsOf(read)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const wanted = wordsOf(truth);
  const found = wanted.filter((word) => {
    const left = counts.get(word) ?? 0;
    counts.set(word, left - 1);
    return left > 0;
  });
  return wanted.length === 0 ? 1 : found.length / wanted.length;
}
