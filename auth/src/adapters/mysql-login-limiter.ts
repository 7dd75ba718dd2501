import { openMySqlDatabase, type MySqlOptions } from '@image-organizer/adapters/user-store/mysql-database';
import type { Session } from '@image-organizer/adapters/user-store/mysql-session';
import { RateLimiterMySQL } from 'rate-limiter-flexible';
import type { LoginLimiter } from '../domain/login-limiter.ts';
import { createLoginLimits } from './login-limits.ts';

/** What rate-limiter-flexible expects; its own statement needs the right to make databases. */
const migrations = [
  `CREATE TABLE IF NOT EXISTS login_limits (
    \`key\` VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
    points INT NOT NULL DEFAULT 0,
    expire BIGINT UNSIGNED,
    KEY login_limits_expire (expire)
  ) ENGINE = InnoDB`,
];

type Answer = (error: unknown, result?: unknown) => void;

/** A connection as rate-limiter-flexible uses it. */
const connectionOf = (session: Session) => ({
  query(sql: string, values?: unknown, callback?: Answer) {
    const answer = (callback ?? values) as Answer;
    const parameters = callback ? (values as string[]) : [];
    session.command(sql, parameters).then((result) => answer(null, result), answer);
  },
  rollback: () => void session.command('ROLLBACK').catch(() => {}),
  release: () => {},
});

/**
 * Counts in MySQL, for all instances together. While MySQL cannot be used every call rejects with
 * AccountsUnavailableError: who cannot be found cannot log in anyhow, so there is no second store to insure it.
 * @throws Error when the URL cannot be read
 */
export function createMySqlLoginLimiter(options: MySqlOptions): LoginLimiter & { close(): Promise<void> } {
  const database = openMySqlDatabase({ ...options, schema: { name: 'login_limits', migrations } });
  const dbName = decodeURIComponent(new URL(options.url).pathname.slice(1));

  /** The rules, counted on one connection. */
  const limitsOn = (session: Session) =>
    createLoginLimits(
      (limit) =>
        new RateLimiterMySQL({
          ...limit,
          storeClient: connectionOf(session),
          storeType: 'connection',
          dbName,
          tableName: 'login_limits',
          tableCreated: true,
          clearExpiredByTimeout: false,
        }),
    );
  return {
    check: (attempt) => database.use((session) => limitsOn(session).check(attempt)),
    failed: (attempt) => database.use((session) => limitsOn(session).failed(attempt)),
    async succeeded(attempt) {
      await database.use(async (session) => {
        await limitsOn(session).succeeded(attempt);
        // There are few at a time, and nobody else clears them.
        await session.run('DELETE FROM login_limits WHERE expire < ? LIMIT 100', [Date.now()]);
      });
    },
    close: () => database.close(),
  };
}
