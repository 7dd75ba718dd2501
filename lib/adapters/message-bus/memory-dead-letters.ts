import type { HeldMessage } from './memory-queue.ts';
import type { DeadLetter } from './message-bus.ts';

/** Dead letters in the order of their deaths. @param revive puts a message back on its queue as if it were new */
export function createMemoryDeadLetters(revive: (queue: string, held: HeldMessage) => void) {
  const letters = new Set<DeadLetter>();
  return {
    add(queue: string, { message }: HeldMessage, reason: string) {
      const letter: DeadLetter = {
        message: { ...message },
        queue,
        reason,
        // Asked twice, it is replayed once.
        async replay() {
          if (letters.delete(letter)) revive(queue, { message, retries: 0, losses: 0 });
        },
        async discard() {
          letters.delete(letter);
        },
      };
      letters.add(letter);
    },
    oldest: (limit: number) => [...letters].slice(0, limit),
  };
}
