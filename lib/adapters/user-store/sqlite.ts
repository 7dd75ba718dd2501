import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inTransaction, migrate } from './sqlite-schema.ts';
import { EmailTakenError, type Rotation, type SigningKey, type User, type UserStore } from './user-store.ts';

interface UserRow {
  id: string;
  email: string;
  password_hash: string;
  role: User['role'];
  created_at: number;
}

interface RefreshTokenRow {
  family: string;
  user_id: string;
  expires_at: number;
  rotated_at: number | null;
  revoked: number;
}

interface SigningKeyRow {
  kid: string;
  private_key: string;
  created_at: number;
}

const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  passwordHash: row.password_hash,
  role: row.role,
  createdAt: new Date(row.created_at),
});

const toSigningKey = (row: SigningKeyRow): SigningKey => ({
  kid: row.kid,
  privateKey: row.private_key,
  createdAt: new Date(row.created_at),
});

/** How long a statement waits for another process that holds the write lock. */
const lockTimeoutMs = 5_000;

/** Opens or makes the file. It holds password hashes and the signing key: only its owner may read it. */
function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs });
  try {
    chmodSync(path, 0o600); // -wal and -shm take their mode from it
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite's SQLITE_CONSTRAINT_UNIQUE: of the unique columns only the email can clash with a fresh id. */
const isUniqueViolation = (error: unknown) => (error as { errcode?: number } | null)?.errcode === 2067;

/** Users in one SQLite file; several processes of one machine may share it. @param path made if absent, with its folder */
export function createSqliteUserStore({ path }: { path: string }): UserStore {
  const database = openDatabase(path);
  const insertUser = database.prepare(
    'INSERT INTO users (id, email, password_hash, role, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const userByEmail = database.prepare('SELECT * FROM users WHERE email = ?');
  const userById = database.prepare('SELECT * FROM users WHERE id = ?');
  const userCount = database.prepare('SELECT count(*) AS count FROM users');
  const insertToken = database.prepare(
    'INSERT INTO refresh_tokens (hash, family, user_id, expires_at, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const tokenByHash = database.prepare('SELECT * FROM refresh_tokens WHERE hash = ?');
  const markRotated = database.prepare(
    'UPDATE refresh_tokens SET rotated_at = ? WHERE hash = ? AND rotated_at IS NULL',
  );
  const revokeFamily = database.prepare('UPDATE refresh_tokens SET revoked = 1 WHERE family = ?');
  const revokeFamilyOf = database.prepare(
    'UPDATE refresh_tokens SET revoked = 1 WHERE family = (SELECT family FROM refresh_tokens WHERE hash = ?)',
  );
  const deleteExpired = database.prepare('DELETE FROM refresh_tokens WHERE expires_at < ?');
  const insertFirstKey = database.prepare(
    'INSERT INTO signing_keys (kid, private_key, created_at) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM signing_keys)',
  );
  const signingKeys = database.prepare('SELECT * FROM signing_keys ORDER BY created_at DESC, kid');

  const findUser = (id: string) => {
    const row = userById.get(id) as UserRow | undefined;
    return row && toUser(row);
  };

  const rotate = ({ hash, next, now, graceMs }: Parameters<UserStore['rotateRefreshToken']>[0]): Rotation => {
    const token = tokenByHash.get(hash) as RefreshTokenRow | undefined;
    if (!token) return { kind: 'unknown' };
    if (token.revoked) return { kind: 'revoked' };
    if (token.rotated_at !== null && now.getTime() - token.rotated_at >= graceMs) {
      revokeFamily.run(token.family);
      return { kind: 'reused' };
    }
    if (token.expires_at <= now.getTime()) return { kind: 'expired' };
    insertToken.run(next.hash, token.family, token.user_id, next.expiresAt.getTime(), now.getTime());
    markRotated.run(now.getTime(), hash); // the grace counts from the first exchange
    return { kind: 'rotated', user: findUser(token.user_id)! };
  };

  return {
    async addUser({ id, email, passwordHash, role, createdAt }) {
      try {
        insertUser.run(id, email, passwordHash, role, createdAt.getTime());
      } catch (error) {
        throw isUniqueViolation(error) ? new EmailTakenError(email) : error;
      }
    },
    async findUserByEmail(email) {
      const row = userByEmail.get(email) as UserRow | undefined;
      return row && toUser(row);
    },
    findUser: async (id) => findUser(id),
    countUsers: async () => (userCount.get() as { count: number }).count,

    async addRefreshToken({ hash, family, userId, expiresAt, now }) {
      insertToken.run(hash, family, userId, expiresAt.getTime(), now.getTime());
    },
    rotateRefreshToken: async (request) => inTransaction(database, () => rotate(request)),
    async revokeRefreshToken(hash) {
      revokeFamilyOf.run(hash);
    },
    deleteExpiredRefreshTokens: async (now) => Number(deleteExpired.run(now.getTime()).changes),

    async ensureSigningKey({ kid, privateKey, createdAt }) {
      insertFirstKey.run(kid, privateKey, createdAt.getTime());
      return (signingKeys.all() as unknown as SigningKeyRow[]).map(toSigningKey);
    },

    waitingFor: () => [],
    async close() {
      if (database.isOpen) database.close();
    },
  };
}
