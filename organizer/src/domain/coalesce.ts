/**
 * Calls for one key that come while its work is under way share the next run: every call is followed by a run that began
 * after it. A failure reaches all who share it.
 */
export function coalesce<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  const running = new Map<Key, Promise<Result>>();
  const next = new Map<Key, Promise<Result>>();

  const begin = (key: Key): Promise<Result> => {
    next.delete(key);
    const run = work(key).finally(() => running.delete(key));
    running.set(key, run);
    return run;
  };
  return (key) => {
    const shared = next.get(key);
    if (shared) return shared;
    const current = running.get(key);
    if (!current) return begin(key);
    const after = current.catch(() => undefined).then(() => begin(key));
    next.set(key, after);
    return after;
  };
}
