import bcrypt from 'bcryptjs';

/** Runs in a worker thread, so the blocking variants are the right ones. Only `bcrypt-hasher.ts` calls these. */

export const hash = ({ password, cost }: { password: string; cost: number }): string =>
  bcrypt.hashSync(password, cost);

export const compare = ({ password, hash }: { password: string; hash: string }): boolean =>
  bcrypt.compareSync(password, hash);
