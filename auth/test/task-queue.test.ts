import { createTaskQueue } from '../src/domain/task-queue.ts';

describe('task queue', () => {
  it('When tasks come at once, then one runs at a time, in order, and a failure stops nobody', async () => {
    const queue = createTaskQueue(3);
    const seen: string[] = [];
    const task = (name: string) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === 'b') throw new Error('b fails');
      return name;
    };
    const results = await Promise.allSettled([queue(task('a')), queue(task('b')), queue(task('c'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('When too many wait, then the next is turned away until there is room again', async () => {
    const queue = createTaskQueue(2);
    const waiting = [queue(async () => 'a'), queue(async () => 'b')];
    await expect(queue(async () => 'c')).rejects.toMatchObject({ code: 'TOO_BUSY', kind: 'unavailable' });
    await Promise.all(waiting);
    expect(await queue(async () => 'd')).toBe('d');
  });
});
