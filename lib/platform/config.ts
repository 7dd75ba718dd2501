import { z } from 'zod';

/** Settings that cannot be used. Names every wrong variable at once, never a value: it may be a secret. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the environment once into a frozen, typed object. Empty variables count as unset.
 * @param schema a zod object whose keys are the variables' names
 * @throws ConfigError listing every problem
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Record<string, string | undefined>,
): Readonly<z.output<Schema>> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return Object.freeze(parsed.data as object) as Readonly<z.output<Schema>>;
  const problems = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.') || 'settings'}: ${issue.message}`,
  );
  throw new ConfigError(`These settings cannot be used:\n${problems.join('\n')}`);
}

/**
 * Reads several configurations from one environment; a wrong one does not hide the problems of the others.
 * @throws ConfigError listing every problem of all of them
 */
export function readTogether<Readers extends Record<string, () => unknown>>(
  readers: Readers,
): { [Name in keyof Readers]: ReturnType<Readers[Name]> } {
  const values: Record<string, unknown> = {};
  const problems = new Set<string>();
  for (const [name, read] of Object.entries(readers)) {
    try {
      values[name] = read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of error.message.split('\n')) problems.add(line);
    }
  }
  if (problems.size) throw new ConfigError([...problems].join('\n'));
  return values as { [Name in keyof Readers]: ReturnType<Readers[Name]> };
}

/** Building blocks for settings, so that every service words its problems alike. */
export const setting = {
  port: (fallback: number) =>
    z.coerce.number('must be a port number').int().min(0).max(65_535).default(fallback),
  /** A size in bytes. */
  bytes: (fallback: number) =>
    z.coerce.number('must be a number of bytes').int().positive().default(fallback),
  count: (fallback: number, most: number) =>
    z.coerce.number('must be a whole number').int().min(1).max(most).default(fallback),
  /** 0 where there is none. */
  limit: (fallback: number) =>
    z.coerce.number('must be a whole number; 0: no limit').int().min(0).default(fallback),
  milliseconds: (fallback: number) =>
    z.coerce.number('must be a number of milliseconds').int().positive().default(fallback),
  httpUrl: () =>
    z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .transform((url) => url.replace(/\/+$/, '')),
  /** The URL of a server; its value is never shown, because it may hold a password. */
  serverUrl: (server: string, protocols: RegExp, example: string) =>
    z.url({ protocol: protocols, hostname: /.*/, error: `must be the URL of a ${server}: ${example}` }),
  logLevel: (fallback: 'info' | 'warn') =>
    z
      .enum(
        ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
        'must be trace, debug, info, warn, error or silent',
      )
      .default(fallback),
};
