/** Runs work of one key one after the other, in the order of the calls; keys do not wait for each other. */
export function createTurns<Key>(): <Result>(key: Key, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<Key, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    const forget = () => {
      if (last.get(key) === turn) last.delete(key);
    };
    last.set(key, turn);
    void turn.then(forget, forget);
    return turn;
  };
}
