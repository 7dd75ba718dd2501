import type { Work } from './mysql-database.ts';
import type { Session } from './mysql-session.ts';
import type { NewRefreshToken, Rotation, User, UserStore } from './user-store.ts';

interface RefreshTokenRow {
  family: string;
  user_id: string;
  expires_at: number;
  rotated_at: number | null;
  revoked: number;
}

const findToken = async (session: Session, hash: string, lock: 'FOR UPDATE' | '') =>
  (await session.all<RefreshTokenRow>(`SELECT * FROM refresh_tokens WHERE hash = ? ${lock}`, [hash]))[0];

export const insertToken = (
  session: Session,
  token: NewRefreshToken & { family: string; userId: string; now: Date },
) =>
  session.run(
    'INSERT INTO refresh_tokens (hash, family, user_id, expires_at, created_at) VALUES (?, ?, ?, ?, ?)',
    [token.hash, token.family, token.userId, token.expiresAt.getTime(), token.now.getTime()],
  );

/**
 * Revokes the tokens of a family or of a user, in a transaction. While it waits for a token that is being exchanged,
 * that token's successor may be added behind its back: so until there is none left.
 */
export async function revokeAllOf(
  session: Session,
  of: { family: string } | { user_id: string },
): Promise<void> {
  const [[column, value]] = Object.entries(of) as [[string, string]];
  const revoke = `UPDATE refresh_tokens SET revoked = TRUE WHERE ${column} = ? AND revoked = FALSE`;
  while ((await session.run(revoke, [value])) > 0);
}

/** In a transaction. */
export const revocation =
  (hash: string): Work<void> =>
  async (session) => {
    const token = await findToken(session, hash, '');
    if (token) await revokeAllOf(session, { family: token.family });
  };

/** In a transaction: `UserStore.rotateRefreshToken`, with the user still to be read. */
export const rotation =
  (
    { hash, next, now, graceMs }: Parameters<UserStore['rotateRefreshToken']>[0],
    findUser: (session: Session, id: string) => Promise<User | undefined>,
  ): Work<Rotation> =>
  async (session, attempt) => {
    // The lock comes first: an attempt whose answer was lost may still be at work, and holds it until its end.
    const token = await findToken(session, hash, 'FOR UPDATE');
    if (!token) return { kind: 'unknown' };
    const { family, user_id: userId } = token;
    const rotated = async (): Promise<Rotation> => ({
      kind: 'rotated',
      user: (await findUser(session, userId))!,
    });
    if (attempt > 1 && (await findToken(session, next.hash, ''))) return rotated();
    if (token.revoked) return { kind: 'revoked' };
    if (token.rotated_at !== null && now.getTime() - token.rotated_at >= graceMs) {
      await revokeAllOf(session, { family });
      return { kind: 'reused' };
    }
    if (token.expires_at <= now.getTime()) return { kind: 'expired' };
    await insertToken(session, { ...next, family, userId, now });
    // The grace counts from the first exchange.
    await session.run('UPDATE refresh_tokens SET rotated_at = ? WHERE hash = ? AND rotated_at IS NULL', [
      now.getTime(),
      hash,
    ]);
    return rotated();
  };
