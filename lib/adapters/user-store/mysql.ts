import { openMySqlDatabase, type MySqlOptions } from './mysql-database.ts';
import { duplicateKeyOf } from './mysql-errors.ts';
import { withLock } from './mysql-migrate.ts';
import { insertToken, revocation, rotation } from './mysql-rotation.ts';
import { userMigrations } from './mysql-schema.ts';
import type { Session } from './mysql-session.ts';
import { toSigningKey, toUser, type SigningKeyRow, type UserRow } from './user-rows.ts';
import { EmailTakenError, type SigningKey, type User, type UserStore } from './user-store.ts';

async function findUser(session: Session, column: 'id' | 'email_lower', value: string) {
  const [row] = await session.all<UserRow>(`SELECT * FROM users WHERE ${column} = ?`, [value]);
  return row && toUser(row);
}

const insertUser = (session: Session, { id, email, passwordHash, role, createdAt }: User) =>
  session.run(
    'INSERT INTO users (id, email, email_lower, password_hash, role, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    [id, email, email.toLowerCase(), passwordHash, role, createdAt.getTime()],
  );

/** An attempt before it may have worked without its answer coming through: then the row there is this very one. */
async function addUser(session: Session, user: User, attempt: number): Promise<void> {
  try {
    await insertUser(session, user);
  } catch (error) {
    const key = duplicateKeyOf(error);
    const present = key !== undefined && attempt > 1 ? await findUser(session, 'id', user.id) : undefined;
    if (present?.passwordHash === user.passwordHash) return;
    throw key === 'users_email_lower' ? new EmailTakenError(user.email) : error;
  }
}

const signingKeys = async (session: Session) =>
  (await session.all<SigningKeyRow>('SELECT * FROM signing_keys ORDER BY created_at DESC, kid')).map(
    toSigningKey,
  );

const insertSigningKey = (session: Session, { kid, privateKey, createdAt }: SigningKey) =>
  session.run('INSERT INTO signing_keys (kid, private_key, created_at) VALUES (?, ?, ?)', [
    kid,
    privateKey,
    createdAt.getTime(),
  ]);

async function ensureSigningKey(session: Session, candidate: SigningKey) {
  const keys = await signingKeys(session);
  if (keys.length) return keys;
  await insertSigningKey(session, candidate);
  return signingKeys(session);
}

/** An insert whose earlier attempt may have worked without its answer coming through: then the row is there. */
async function insertOnce(insert: Promise<unknown>, attempt: number): Promise<void> {
  await insert.catch((error: unknown) => {
    if (attempt === 1 || duplicateKeyOf(error) === undefined) throw error;
  });
}

/**
 * Users in MySQL 8 and later or MariaDB 10.6 and later; any number of processes may share them.
 * Every call may reject with AccountsUnavailableError while the server cannot be used.
 * @param options.url `mysql://user:password@host:3306/database`, see mysql-url.ts for TLS. @throws Error when it is none
 */
export function createMySqlUserStore(options: MySqlOptions): UserStore {
  const database = openMySqlDatabase({ ...options, schema: { name: 'users', migrations: userMigrations } });
  return {
    addUser: (user) => database.use((session, attempt) => addUser(session, user, attempt)),
    findUserByEmail: (email) =>
      database.use((session) => findUser(session, 'email_lower', email.toLowerCase())),
    findUser: (id) => database.use((session) => findUser(session, 'id', id)),
    async countUsers() {
      const count = (session: Session) =>
        session.all<{ count: number }>('SELECT count(*) AS count FROM users');
      return (await database.use(count))[0]!.count;
    },

    addRefreshToken: (token) =>
      database.use((session, attempt) => insertOnce(insertToken(session, token), attempt)),
    rotateRefreshToken: (request) =>
      database.transaction(rotation(request, (session, id) => findUser(session, 'id', id))),
    revokeRefreshToken: (hash) => database.transaction(revocation(hash)),
    deleteExpiredRefreshTokens: (now) =>
      database.use((session) =>
        session.run('DELETE FROM refresh_tokens WHERE expires_at < ?', [now.getTime()]),
      ),

    signingKeys: () => database.use(signingKeys),
    ensureSigningKey: (candidate) =>
      database.use((session) =>
        withLock(session, 'signing-keys', () => ensureSigningKey(session, candidate)),
      ),
    addSigningKey: (key) =>
      database.use((session, attempt) => insertOnce(insertSigningKey(session, key), attempt)),
    async removeSigningKey(kid) {
      await database.use((session) => session.run('DELETE FROM signing_keys WHERE kid = ?', [kid]));
    },

    waitingFor: () => database.waitingFor(),
    close: () => database.close(),
  };
}
