import bcrypt from 'bcryptjs';
import { Piscina } from 'piscina';
import { fitsBcrypt } from '../domain/password-policy.ts';
import type { PasswordHasher } from '../domain/password-hasher.ts';

/** A well-formed hash of this cost that no password has: its last 31 characters are the digest. */
export const decoyHash = (cost: number) => bcrypt.genSaltSync(cost) + '.'.repeat(31);

/**
 * bcrypt in one worker thread: hashing on the event loop stalls every other request.
 * @param options.cost log2 of the rounds; 12 takes about a third of a second
 * @param options.idleMs after which the thread ends, to be made again when needed
 */
export function createBcryptHasher({
  cost,
  idleMs = 30_000,
}: {
  cost: number;
  idleMs?: number;
}): PasswordHasher {
  const decoy = decoyHash(cost);
  const pool = new Piscina({
    filename: new URL('./bcrypt-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMs,
  });
  const run = <Result>(name: string, task: object) => pool.run(task, { name }) as Promise<Result>;
  return {
    hash: (password) => run<string>('hash', { password, cost }),
    async matches(password, hash) {
      const usable = hash !== undefined && fitsBcrypt(password);
      const equal = await run<boolean>('compare', { password, hash: usable ? hash : decoy });
      return usable && equal;
    },
    close: () => pool.destroy(),
  };
}
