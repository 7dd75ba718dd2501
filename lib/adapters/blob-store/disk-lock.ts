export type KeyedLock = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

/** Runs tasks of one key one after the other, in the order they were asked for; those of different keys side by side. */
export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const current = (tails.get(key) ?? Promise.resolve()).then(task, task);
    tails.set(key, current);
    try {
      return await current;
    } finally {
      if (tails.get(key) === current) tails.delete(key);
    }
  };
}
