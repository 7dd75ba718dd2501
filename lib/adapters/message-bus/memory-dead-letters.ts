import type { HeldMessage } from './memory-queue.ts';
import type { DeadLetter, LetterFate } from './message-bus.ts';

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
    async end(decide: (letter: DeadLetter) => Promise<LetterFate>, limit: number): Promise<number> {
      let ended = 0;
      for (const letter of [...letters]) {
        if (ended === limit) break;
        const fate = await decide(letter);
        if (fate === 'keep' || !letters.has(letter)) continue;
        await (fate === 'replay' ? letter.replay() : letter.discard());
        ended += 1;
      }
      return ended;
    },
  };
}
