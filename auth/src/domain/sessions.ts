import { randomUUID } from 'node:crypto';
import type { User, UserStore } from '@image-organizer/adapters/user-store/user-store';
import {
  accessTokenAudience,
  accessTokenIssuer,
  type AccessTokenClaims,
} from '@image-organizer/contracts/http/access-token';
import type { Session } from '@image-organizer/contracts/http/session';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import jwt from 'jsonwebtoken';
import { InvalidRefreshTokenError } from './errors.ts';
import type { Keyring } from './keyring.ts';
import { hashOf, newSecretText } from './secret-text.ts';

const refreshTokenMs = 30 * 24 * 60 * 60 * 1000;
/** How long a token that was exchanged already still counts as an answer lost on its way, not as theft. */
const graceMs = 10_000;

export interface Sessions {
  /** A login: an access token and the first refresh token of a family. */
  open: (user: User) => Promise<Session>;
  /** @throws InvalidRefreshTokenError; one that was used before revokes all that followed from its login */
  refresh: (refreshToken: string) => Promise<Session>;
  /** A logout; a token that is unknown is no error. Access tokens live on until they expire. */
  close: (refreshToken: string) => Promise<void>;
}

interface Dependencies {
  users: UserStore;
  clock: Clock;
  log: Log;
  keyring: () => Promise<Keyring>;
  accessTokenMinutes: number;
}

function newRefreshToken(now: Date) {
  const { text: token, hash } = newSecretText();
  return { token, hash, expiresAt: new Date(now.getTime() + refreshTokenMs) };
}

export function createSessions({ users, clock, log, keyring, accessTokenMinutes }: Dependencies): Sessions {
  const expiresIn = accessTokenMinutes * 60;

  const accessToken = async ({ id, email, role, quota }: User, now: Date) => {
    const { privateKey, kid } = await keyring();
    const claims: AccessTokenClaims = { sub: id, email, role, quota };
    const options = {
      algorithm: 'RS256',
      keyid: kid,
      issuer: accessTokenIssuer,
      audience: accessTokenAudience,
      expiresIn,
    } as const;
    return jwt.sign({ ...claims, iat: Math.floor(now.getTime() / 1000) }, privateKey, options);
  };
  const sessionOf = async (user: User, refreshToken: string, now: Date): Promise<Session> => ({
    accessToken: await accessToken(user, now),
    refreshToken,
    expiresIn,
    tokenType: 'Bearer',
  });

  return {
    async open(user) {
      const now = clock.now();
      const { token, hash, expiresAt } = newRefreshToken(now);
      await users.addRefreshToken({ hash, expiresAt, family: randomUUID(), userId: user.id, now });
      return sessionOf(user, token, now);
    },
    async refresh(refreshToken) {
      const now = clock.now();
      const { token, hash, expiresAt } = newRefreshToken(now);
      const rotation = await users.rotateRefreshToken({
        hash: hashOf(refreshToken),
        next: { hash, expiresAt },
        now,
        graceMs,
      });
      if (rotation.kind === 'rotated' && !rotation.user.disabled) return sessionOf(rotation.user, token, now);
      if (rotation.kind === 'reused') log.warn('a refresh token was used twice: its session is revoked');
      throw new InvalidRefreshTokenError();
    },
    close: (refreshToken) => users.revokeRefreshToken(hashOf(refreshToken)),
  };
}
