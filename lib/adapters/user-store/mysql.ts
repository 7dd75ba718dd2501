import { apiTokensIn } from './mysql-api-tokens.ts';
import { openMySqlDatabase, type MySqlOptions } from './mysql-database.ts';
import { invitesIn } from './mysql-invites.ts';
import { withLock } from './mysql-migrate.ts';
import { passwordsIn } from './mysql-passwords.ts';
import { insertToken, revocation, rotation } from './mysql-rotation.ts';
import { userMigrations } from './mysql-schema.ts';
import { insertOnce, type Session } from './mysql-session.ts';
import { addUser, findUser, updateUser } from './mysql-users.ts';
import { toSigningKey, toUser, type SigningKeyRow, type UserRow } from './user-rows.ts';
import type { SigningKey, UserStore } from './user-store.ts';

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

/**
 * Users in MySQL 8 and later or MariaDB 10.6 and later; any number of processes may share them.
 * Every call may reject with AccountsUnavailableError while the server cannot be used.
 * @param options.url `mysql://user:password@host:3306/database`, see mysql-url.ts for TLS. @throws Error when it is none
 */
export function createMySqlUserStore(options: MySqlOptions): UserStore {
  const database = openMySqlDatabase({ ...options, schema: { name: 'users', migrations: userMigrations } });
  return {
    ...apiTokensIn(database),
    ...invitesIn(database),
    ...passwordsIn(database),

    addUser: (user) => database.use((session, attempt) => addUser(session, user, attempt)),
    findUserByEmail: (email) =>
      database.use((session) => findUser(session, 'email_lower', email.toLowerCase())),
    findUser: (id) => database.use((session) => findUser(session, 'id', id)),
    async countUsers() {
      const count = (session: Session) =>
        session.all<{ count: number }>('SELECT count(*) AS count FROM users');
      return (await database.use(count))[0]!.count;
    },
    listUsers: ({ limit, after = '' }) =>
      database.use(async (session) => {
        const page = 'SELECT * FROM users WHERE email_lower > ? ORDER BY email_lower LIMIT ?';
        return (await session.command<UserRow[]>(page, [after.toLowerCase(), limit])).map(toUser);
      }),
    updateUser: (id, change) => database.transaction((session) => updateUser(session, id, change)),

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
