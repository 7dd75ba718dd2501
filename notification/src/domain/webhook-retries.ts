const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** After the first attempt, the second, …; the last one again and again. Milliseconds. */
const delaysMs = [
  ...[5 * second, 30 * second],
  ...[2 * minute, 10 * minute, 30 * minute],
  ...[hour, 2 * hour, 4 * hour, 8 * hour],
];

/** For so long after it was recorded a webhook is tried again. */
const patienceMs = 24 * hour;

/**
 * When a webhook is tried again after it failed, up to a fifth sooner or later than planned, so that what failed together
 * does not come back together.
 * @param retryAfterMs not before so many milliseconds have passed
 * @param random from 0 to 1
 * @returns null: never again
 */
export function nextTry(
  { attempts, createdAt }: { attempts: number; createdAt: Date },
  now: Date,
  retryAfterMs: number,
  random = Math.random(),
): Date | null {
  const planned = delaysMs[Math.min(attempts, delaysMs.length) - 1]! * (0.8 + 0.4 * random);
  const at = now.getTime() + Math.max(planned, retryAfterMs);
  return at - createdAt.getTime() > patienceMs ? null : new Date(at);
}
