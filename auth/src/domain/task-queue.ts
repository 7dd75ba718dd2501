import { TooBusyError } from './errors.ts';

/** Runs one task at a time, in the order they came. */
export type TaskQueue = <Result>(task: () => Promise<Result>) => Promise<Result>;

/**
 * @param most tasks that may run or wait; a flood beyond it is turned away instead of growing the memory
 * @returns a queue that rejects with what the task rejects with, or TooBusyError
 */
export function createTaskQueue(most: number): TaskQueue {
  let last: Promise<unknown> = Promise.resolve();
  let size = 0;
  return async (task) => {
    if (size >= most) throw new TooBusyError();
    size += 1;
    const result = last.then(task).finally(() => (size -= 1));
    last = result.catch(() => {}); // a task that fails fails its caller, not the next one
    return result;
  };
}
