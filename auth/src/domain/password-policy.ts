import { WeakPasswordError } from './errors.ts';

/** UTF-8 bytes. */
const fewest = 8;
/** UTF-8 bytes. bcrypt reads no more: what follows would be ignored, so it is refused. */
const most = 72;

const bytesOf = (password: string) => Buffer.byteLength(password, 'utf8');

/** True when bcrypt reads all of the password. */
export const fitsBcrypt = (password: string) => bytesOf(password) <= most;

/** Why the password may not be chosen, in words; undefined when it may. */
export function passwordProblem(password: string): string | undefined {
  const bytes = bytesOf(password);
  if (bytes < fewest) return `the password must have at least ${fewest} bytes, it has ${bytes}`;
  if (!fitsBcrypt(password)) {
    return `the password must have at most ${most} bytes, it has ${bytes} (an accented letter or an emoji takes 2 to 4)`;
  }
  return undefined;
}

/** @throws WeakPasswordError */
export function assertPassword(password: string): void {
  const problem = passwordProblem(password);
  if (problem) throw new WeakPasswordError(`Choose another password: ${problem}.`);
}
