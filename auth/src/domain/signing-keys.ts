import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKey, UserStore } from '@image-organizer/adapters/user-store/user-store';
import type { Clock } from '@image-organizer/platform/clock';

/** How old an instance's knowledge of the keys may be. */
export const reloadAfterMs = 60_000;
/**
 * A key is published for so long before it signs: every instance publishes it by then (`reloadAfterMs`), and a gateway
 * that was made to fetch the keys by a made-up kid, and fetches them at most every 30 s, has it.
 */
const publishedFirstMs = 2 * reloadAfterMs;
/** What a key has signed lives no longer: the most that ACCESS_TOKEN_MINUTES may be, and an hour for clocks. */
const verifiesForMs = 25 * 60 * 60 * 1000;

/** RFC 7518 §3.3 asks for 2048 bits or more with RS256. */
export async function newSigningKey(clock: Clock): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { kid: randomUUID(), privateKey: pem, createdAt: clock.now() };
}

export const signsFrom = ({ createdAt }: Pick<SigningKey, 'createdAt'>): Date =>
  new Date(createdAt.getTime() + publishedFirstMs);

/** The newest that was published for long enough; the oldest where there is none, as at the very first start. */
export const signingKeyAt = <Key extends Pick<SigningKey, 'createdAt'>>(newestFirst: Key[], now: Date): Key =>
  newestFirst.find((key) => signsFrom(key) <= now) ?? newestFirst.at(-1)!;

/**
 * Adds a key, which signs from `signsFrom` on. Those before it verify what they signed until that has expired; where
 * they are known to others, `dropOthers` removes them now: then whoever is logged in refreshes at the next request.
 */
export async function rotateKeys(
  { users, clock }: { users: UserStore; clock: Clock },
  { dropOthers = false } = {},
): Promise<SigningKey> {
  const before = await users.signingKeys();
  const key = await newSigningKey(clock);
  await users.addSigningKey(key);
  if (dropOthers) for (const { kid } of before) await users.removeSigningKey(kid);
  return key;
}

/** Removes keys of which no token lives any more. @returns how many */
export async function removeSpentKeys({ users, clock }: { users: UserStore; clock: Clock }): Promise<number> {
  const keys = await users.signingKeys();
  const now = clock.now().getTime();
  const spent = keys.filter((_key, index) => {
    const successor = keys[index - 1];
    return successor && signsFrom(successor).getTime() + verifiesForMs < now;
  });
  for (const { kid } of spent) await users.removeSigningKey(kid);
  return spent.length;
}
