import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Wall clock of a piece of work. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** CPU seconds that processes have used so far, user and system, all threads (Linux, in steps of 10 ms). */
export function cpuSecondsOf(pids: number[]): number {
  const ticks = pids.flatMap((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number); // utime, stime
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

/** CPU seconds that everything on this machine has used so far. */
export const machineCpuSeconds = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;
