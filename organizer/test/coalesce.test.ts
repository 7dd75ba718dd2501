import { coalesce } from '../src/domain/coalesce.ts';

describe('Work that is coalesced', () => {
  function setUp() {
    const began: string[] = [];
    const ends: (() => void)[] = [];
    const run = coalesce(async (key: string) => {
      began.push(key);
      await new Promise<void>((resolve) => ends.push(resolve));
    });
    return { began, run, endNext: () => ends.shift()!() };
  }

  it('When calls come while its key is worked on, then all of them share one further run that begins afterwards.', async () => {
    const { began, run, endNext } = setUp();
    const first = run('a');
    const later = [run('a'), run('a'), run('a')];
    expect(began).toEqual(['a']);
    endNext();
    await first;
    await new Promise(setImmediate);
    expect(began).toEqual(['a', 'a']);
    endNext();
    await Promise.all(later);
    expect(began).toEqual(['a', 'a']);
  });

  it('When a call comes after the work has ended, then it is done again.', async () => {
    const { began, run, endNext } = setUp();
    for (const nth of [1, 2]) {
      const done = run('a');
      endNext();
      await done;
      expect(began).toHaveLength(nth);
    }
  });

  it('When the keys differ, then they are worked on at once.', () => {
    const { began, run } = setUp();
    void run('a');
    void run('b');
    expect(began).toEqual(['a', 'b']);
  });

  it('When a run fails, then those who share it are told, and the next one is not held up.', async () => {
    let fails = true;
    const run = coalesce(async () => {
      await Promise.resolve();
      if (fails) throw new Error('no');
    });
    const first = run('a');
    const second = run('a');
    await expect(first).rejects.toThrow('no');
    fails = false;
    await expect(second).resolves.toBeUndefined();
  });
});
