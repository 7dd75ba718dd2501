import { limitConcurrency } from '@image-organizer/platform/limit-concurrency';

/** Runs at most `width` tasks for one host at once; those for others do not wait for them. */
export function createHostTurns(
  width: number,
): <Result>(host: string, task: () => Promise<Result>) => Promise<Result> {
  const hosts = new Map<string, { inTurn: ReturnType<typeof limitConcurrency>; users: number }>();
  return async (host, task) => {
    const turns = hosts.get(host) ?? { inTurn: limitConcurrency(width), users: 0 };
    hosts.set(host, turns);
    turns.users += 1;
    try {
      return await turns.inTurn(task);
    } finally {
      turns.users -= 1;
      if (turns.users === 0) hosts.delete(host);
    }
  };
}
