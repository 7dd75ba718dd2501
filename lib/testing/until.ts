import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once the condition holds; where it never does, the test's own time-out ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}
