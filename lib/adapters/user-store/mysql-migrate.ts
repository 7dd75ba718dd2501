import { isColumnThere, NewerSchemaError } from './mysql-errors.ts';
import type { Session } from './mysql-session.ts';

/** A part of the schema with versions of its own. */
export interface Schema {
  /** Stands in the table `schema_migrations`. */
  name: string;
  /** Appended to, never edited; one repeatable statement each. */
  migrations: readonly string[];
}

/** Less than a statement may take. */
const lockSeconds = 3;

/** Brings the schema up to date. Several processes may do it at once: the others wait, and find it done. @throws NewerSchemaError */
export const migrate = (session: Session, { name, migrations }: Schema): Promise<void> =>
  withLock(session, 'migrations', async () => {
    await session.command(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name VARCHAR(64) PRIMARY KEY, version INT NOT NULL)',
    );
    const [row] = await session.all<{ version: number }>(
      'SELECT version FROM schema_migrations WHERE name = ?',
      [name],
    );
    const version = row?.version ?? 0;
    if (version > migrations.length) {
      throw new NewerSchemaError(
        `the schema ${name} has version ${version}; this program knows ${migrations.length}: run the newer program that made it`,
      );
    }
    for (const [index, statement] of migrations.entries()) {
      if (index < version) continue;
      await session.command(statement).catch((error: unknown) => {
        if (!isColumnThere(error)) throw error; // made before, by a process that died before it could record it
      });
      await session.run('REPLACE INTO schema_migrations (name, version) VALUES (?, ?)', [name, index + 1]);
    }
  });

/** One holder at a time of all who use this database; the server frees it when the holder's connection dies. */
export async function withLock<Result>(
  session: Session,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  // Locks are the whole server's and their names end after 64 characters, hence the hash of the database's name.
  const key = "CONCAT(LEFT(SHA2(DATABASE(), 256), 24), ':', ?)";
  const [answer] = await session.all<{ held: number | null }>(`SELECT GET_LOCK(${key}, ?) AS held`, [
    name,
    lockSeconds,
  ]);
  if (answer?.held !== 1) throw new Error(`another process holds the lock ${name}`);
  try {
    return await work();
  } finally {
    await session.all(`SELECT RELEASE_LOCK(${key})`, [name]).catch(() => {}); // the connection is dead: so is the lock
  }
}
