import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { SigningKey, UserStore } from '@image-organizer/adapters/user-store/user-store';
import { jwks, type Jwks } from '@image-organizer/contracts/http/access-token';
import type { Clock } from '@image-organizer/platform/clock';
import { newSigningKey, reloadAfterMs, signingKeyAt } from './signing-keys.ts';

export interface Keyring {
  /** Signs new tokens. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public halves of all keys, for those who verify. */
  readonly jwks: Jwks;
}

const toJwk = ({ kid, privateKey }: SigningKey) => ({
  ...createPublicKey(privateKey).export({ format: 'jwk' }),
  kid,
  use: 'sig',
  alg: 'RS256',
});

interface LoadedKeys {
  keys: { kid: string; createdAt: Date; privateKey: KeyObject }[];
  jwks: Jwks;
  loadedAt: number;
}

/** The keys there are; at the very first start of all instances one is made and kept. */
async function loadKeys({ users, clock }: { users: UserStore; clock: Clock }): Promise<LoadedKeys> {
  const loadedAt = clock.now().getTime();
  const present = await users.signingKeys();
  const keys = present.length ? present : await users.ensureSigningKey(await newSigningKey(clock));
  return {
    keys: keys.map((key) => ({ ...key, privateKey: createPrivateKey(key.privateKey) })),
    jwks: jwks.parse({ keys: keys.map(toJwk) }),
    loadedAt,
  };
}

/**
 * The keys of a minute ago at most, so that one that another process added is published before it signs. While the store
 * cannot be used, those that were loaded last: what was issued goes on working.
 */
export function createKeyring(dependencies: { users: UserStore; clock: Clock }): () => Promise<Keyring> {
  const { users, clock } = dependencies;
  let loaded: LoadedKeys | undefined;
  let loading: Promise<LoadedKeys> | undefined;

  const current = async (): Promise<LoadedKeys> => {
    const recent = loaded && clock.now().getTime() - loaded.loadedAt < reloadAfterMs;
    if (loaded && (recent || users.waitingFor().length)) return loaded;
    loading ??= loadKeys(dependencies).finally(() => (loading = undefined));
    try {
      return (loaded = await loading);
    } catch (error) {
      if (loaded) return loaded;
      throw error;
    }
  };

  return async () => {
    const { keys, jwks } = await current();
    const { kid, privateKey } = signingKeyAt(keys, clock.now());
    return { kid, privateKey, jwks };
  };
}
