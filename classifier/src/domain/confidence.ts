/** Points by which evidence must lead to be e times as likely. Set with test/corpus.ts, so that 0.5 means even odds. */
const temperature = 1.5;
/** Points that "none of these" has: one good word alone convinces nobody. */
const noneOfThese = 3;
/** Many folders that hardly fit must not drown the one that does. */
const rivals = 5;
/** A classifier of words is never certain. */
const most = 0.98;

/**
 * Turns points of evidence into confidences, 0 to 1, by their margin and their amount: a softmax over the best few and
 * "none of these", to three places.
 * @param scores points, the best first
 */
export function confidencesOf(scores: number[]): number[] {
  const top = scores[0] ?? 0;
  const odds = (score: number) => Math.exp((score - Math.max(top, noneOfThese)) / temperature);
  const total = scores.slice(0, rivals).reduce((sum, score) => sum + odds(score), odds(noneOfThese));
  return scores.map((score) => Math.min(most, Math.round((odds(score) / total) * 1000) / 1000));
}
