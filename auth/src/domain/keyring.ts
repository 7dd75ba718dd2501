import { createPrivateKey, createPublicKey, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKey, UserStore } from '@image-organizer/adapters/user-store/user-store';
import { jwks, type Jwks } from '@image-organizer/contracts/http/access-token';
import type { Clock } from '@image-organizer/platform/clock';

export interface Keyring {
  /** Signs new tokens: the newest key. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public halves of all keys, for those who verify. */
  readonly jwks: Jwks;
}

/** RFC 7518 §3.3 asks for 2048 bits or more with RS256. */
async function newSigningKey(clock: Clock): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { kid: randomUUID(), privateKey: pem, createdAt: clock.now() };
}

const toJwk = ({ kid, privateKey }: SigningKey) => ({
  ...createPublicKey(privateKey).export({ format: 'jwk' }),
  kid,
  use: 'sig',
  alg: 'RS256',
});

/** The keys there are; at the very first start of all instances one is made and kept. */
async function loadKeyring({ users, clock }: { users: UserStore; clock: Clock }): Promise<Keyring> {
  const present = await users.signingKeys();
  const keys = present.length ? present : await users.ensureSigningKey(await newSigningKey(clock));
  const newest = keys[0]!;
  return {
    kid: newest.kid,
    privateKey: createPrivateKey(newest.privateKey),
    jwks: jwks.parse({ keys: keys.map(toJwk) }),
  };
}

/** Loads the keys when they are first asked for; where that fails, the next caller tries again. */
export function createKeyring(dependencies: { users: UserStore; clock: Clock }): () => Promise<Keyring> {
  let loading: Promise<Keyring> | undefined;
  return () =>
    (loading ??= loadKeyring(dependencies).catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
}
