import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import bcrypt from 'bcryptjs';
import { createBcryptHasher, decoyHash } from '../src/adapters/bcrypt-hasher.ts';
import type { PasswordHasher } from '../src/domain/password-hasher.ts';

/** The ends of all worker threads begun since. */
function watchWorkers() {
  const ends: Promise<unknown>[] = [];
  const onWorker = (message: unknown) => void ends.push(once((message as { worker: Worker }).worker, 'exit'));
  subscribe('worker_threads', onWorker);
  return { ends, [Symbol.dispose]: () => void unsubscribe('worker_threads', onWorker) };
}

describe('bcrypt hasher', () => {
  let hasher: PasswordHasher;
  beforeEach(() => {
    hasher = createBcryptHasher({ cost: 4 });
  });
  afterEach(() => hasher.close());

  it('When a password was hashed, then it matches and another does not', async () => {
    const hash = await hasher.hash('correct horse');
    expect(bcrypt.getRounds(hash)).toBe(4);
    expect(await hasher.matches('correct horse', hash)).toBe(true);
    expect(await hasher.matches('wrong horse', hash)).toBe(false);
  });

  it('When there is no hash, then nothing matches, and the worker compared all the same', async () => {
    using workers = watchWorkers();
    expect(await hasher.matches('correct horse', undefined)).toBe(false);
    expect(workers.ends).toHaveLength(1);
  });

  it('When the password is longer than bcrypt reads, then it does not match', async () => {
    const hash = await hasher.hash('p'.repeat(72));
    expect(await hasher.matches('p'.repeat(73), hash)).toBe(false);
  });

  it('When the decoy stands in for a hash, then comparing with it is as much work', () => {
    expect(bcrypt.getRounds(decoyHash(12))).toBe(12);
    expect(decoyHash(12)).toHaveLength(bcrypt.hashSync('anything', 4).length);
  });

  it('When a password is hashed at a real cost, then the event loop goes on meanwhile', async () => {
    const slow = createBcryptHasher({ cost: 10 });
    let done = false;
    const hashing = slow.hash('correct horse').finally(() => (done = true));
    let turns = 0;
    for (; !done; turns += 1) await setImmediate();
    await hashing;
    await slow.close();
    expect(turns).toBeGreaterThan(100); // on the event loop itself there are about three
  });

  it('When nobody logs in for a while, then no thread is left; when somebody does, then it comes back', async () => {
    using workers = watchWorkers();
    const { ends } = workers;
    const idle = createBcryptHasher({ cost: 4, idleMs: 10 });
    expect(ends).toHaveLength(0);
    const hash = await idle.hash('correct horse');
    expect(ends).toHaveLength(1);
    await ends[0];
    expect(await idle.matches('correct horse', hash)).toBe(true);
    expect(ends).toHaveLength(2);
    await idle.close();
  });

  it('When it is closed, then what still waits is rejected, and closing it again is no error', async () => {
    const waiting = expect(hasher.hash('correct horse')).rejects.toThrow();
    await hasher.close();
    await hasher.close();
    await waiting;
  });
});
