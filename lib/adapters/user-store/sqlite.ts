import { openDatabase } from '../sqlite/database.ts';
import { apiTokensIn } from './sqlite-api-tokens.ts';
import { invitesIn } from './sqlite-invites.ts';
import { passwordsIn } from './sqlite-passwords.ts';
import { migrations } from './sqlite-schema.ts';
import { mayLose, toSigningKey, toUser, type SigningKeyRow, type UserRow } from './user-rows.ts';
import {
  EmailTakenError,
  LastAdminError,
  type NewRefreshToken,
  type Rotation,
  type User,
  type UserChange,
  type UserStore,
} from './user-store.ts';

interface RefreshTokenRow {
  family: string;
  user_id: string;
  expires_at: number;
  rotated_at: number | null;
  revoked: number;
}

/** SQLite's SQLITE_CONSTRAINT_UNIQUE: of the unique columns only the email can clash with a fresh id. */
const isUniqueViolation = (error: unknown) => (error as { errcode?: number } | null)?.errcode === 2067;

/** Users in one SQLite file; several processes of one machine may share it. @param path made if absent, with its folder */
export function createSqliteUserStore({ path }: { path: string }): UserStore {
  const database = openDatabase(path, migrations);

  const findUser = (id: string) => {
    const row = database.get<UserRow>('SELECT * FROM users WHERE id = :id', { id });
    return row && toUser(row);
  };

  const insertUser = ({ id, email, passwordHash, role, createdAt, disabled, quota }: User) => {
    try {
      database.run(
        `INSERT INTO users (id, email, password_hash, role, created_at, disabled, quota_images, quota_bytes)
         VALUES (:id, :email, :passwordHash, :role, :createdAt, :disabled, :images, :bytes)`,
        {
          ...{ id, email, passwordHash, role, createdAt: createdAt.getTime() },
          disabled: +disabled,
          ...quota,
        },
      );
    } catch (error) {
      throw isUniqueViolation(error) ? new EmailTakenError(email) : error;
    }
  };

  const { revokeRefreshTokens, ...passwords } = passwordsIn(database, findUser);

  const activeAdmins = () =>
    database.all<{ id: string }>("SELECT id FROM users WHERE role = 'admin' AND disabled = 0");

  /** In a transaction, which has the write lock from its start. */
  function updateUser(id: string, change: UserChange): User | undefined {
    const user = findUser(id);
    if (!user) return undefined;
    const changed = { ...user, ...change };
    if ((changed.role !== 'admin' || changed.disabled) && !mayLose(user, activeAdmins()))
      throw new LastAdminError();
    database.run(
      `UPDATE users SET role = :role, disabled = :disabled, quota_images = :images, quota_bytes = :bytes
       WHERE id = :id`,
      { id, role: changed.role, disabled: +changed.disabled, ...changed.quota },
    );
    if (changed.disabled) revokeRefreshTokens(id);
    return changed;
  }

  const insertToken = (token: NewRefreshToken & { family: string; userId: string; now: Date }) =>
    database.run(
      `INSERT INTO refresh_tokens (hash, family, user_id, expires_at, created_at)
       VALUES (:hash, :family, :userId, :expiresAt, :now)`,
      { ...token, expiresAt: token.expiresAt.getTime(), now: token.now.getTime() },
    );

  const signingKeys = () =>
    database.all<SigningKeyRow>('SELECT * FROM signing_keys ORDER BY created_at DESC, kid').map(toSigningKey);

  function rotate({ hash, next, now, graceMs }: Parameters<UserStore['rotateRefreshToken']>[0]): Rotation {
    const token = database.get<RefreshTokenRow>('SELECT * FROM refresh_tokens WHERE hash = :hash', { hash });
    if (!token) return { kind: 'unknown' };
    const { family, user_id: userId } = token;
    if (token.revoked) return { kind: 'revoked' };
    if (token.rotated_at !== null && now.getTime() - token.rotated_at >= graceMs) {
      database.run('UPDATE refresh_tokens SET revoked = 1 WHERE family = :family', { family });
      return { kind: 'reused' };
    }
    if (token.expires_at <= now.getTime()) return { kind: 'expired' };
    insertToken({ ...next, family, userId, now });
    // The grace counts from the first exchange.
    database.run('UPDATE refresh_tokens SET rotated_at = :now WHERE hash = :hash AND rotated_at IS NULL', {
      now: now.getTime(),
      hash,
    });
    return { kind: 'rotated', user: findUser(userId)! };
  }

  return {
    ...apiTokensIn(database, findUser),
    ...invitesIn(database, insertUser),
    ...passwords,

    async addUser(user) {
      insertUser(user);
    },
    async findUserByEmail(email) {
      const row = database.get<UserRow>('SELECT * FROM users WHERE email = :email', { email });
      return row && toUser(row);
    },
    findUser: async (id) => findUser(id),
    countUsers: async () => database.get<{ count: number }>('SELECT count(*) AS count FROM users')!.count,
    listUsers: async ({ limit, after = '' }) =>
      database
        .all<UserRow>('SELECT * FROM users WHERE email > :after ORDER BY email LIMIT :limit', {
          after,
          limit,
        })
        .map(toUser),
    updateUser: async (id, change) => database.transaction(() => updateUser(id, change)),

    async addRefreshToken(token) {
      insertToken(token);
    },
    rotateRefreshToken: async (request) => database.transaction(() => rotate(request)),
    async revokeRefreshToken(hash) {
      database.run(
        `UPDATE refresh_tokens SET revoked = 1
         WHERE family = (SELECT family FROM refresh_tokens WHERE hash = :hash)`,
        { hash },
      );
    },
    deleteExpiredRefreshTokens: async (now) =>
      database.run('DELETE FROM refresh_tokens WHERE expires_at < :now', { now: now.getTime() }),

    signingKeys: async () => signingKeys(),
    async ensureSigningKey({ kid, privateKey, createdAt }) {
      database.run(
        `INSERT INTO signing_keys (kid, private_key, created_at)
         SELECT :kid, :privateKey, :createdAt WHERE NOT EXISTS (SELECT 1 FROM signing_keys)`,
        { kid, privateKey, createdAt: createdAt.getTime() },
      );
      return signingKeys();
    },
    async addSigningKey({ kid, privateKey, createdAt }) {
      database.run(
        'INSERT INTO signing_keys (kid, private_key, created_at) VALUES (:kid, :privateKey, :createdAt)',
        { kid, privateKey, createdAt: createdAt.getTime() },
      );
    },
    async removeSigningKey(kid) {
      database.run('DELETE FROM signing_keys WHERE kid = :kid', { kid });
    },

    waitingFor: () => [],
    close: async () => database.close(),
  };
}
