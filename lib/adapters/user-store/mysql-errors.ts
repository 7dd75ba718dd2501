import { AppError, messageOf } from '@image-organizer/platform/errors';
import { NoAnswerError } from '../within.ts';

/** MySQL cannot be used now. The cause says why; the client is told no address. */
export class AccountsUnavailableError extends AppError {
  readonly code = 'ACCOUNTS_UNAVAILABLE';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
  constructor(cause: unknown) {
    super('The database of accounts cannot be used at the moment. Try again in 5 seconds.', { cause });
  }
}

/** No connection could be had, so nothing was done. */
export class NoConnectionError extends Error {
  override name = 'NoConnectionError';
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
  }
}

/** The schema was made by a newer version of the program. */
export class NewerSchemaError extends Error {
  override name = 'NewerSchemaError';
}

const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code);

/** In whose name a unique key was violated; undefined when the error is another. */
export function duplicateKeyOf(error: unknown): string | undefined {
  if (codeOf(error) !== 'ER_DUP_ENTRY') return undefined;
  return /for key '(?:.*\.)?(.*)'$/.exec(messageOf(error))?.[1];
}

/** MySQL has no ADD COLUMN IF NOT EXISTS. */
export const isColumnThere = (error: unknown) => codeOf(error) === 'ER_DUP_FIELDNAME';

/** The server undid the transaction in favour of another: it may be run again as it is. */
export const isLockConflict = (error: unknown) =>
  ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'].includes(codeOf(error));

/** The connection is of no more use; what ran on it may or may not have been done. */
export const isConnectionLoss = (error: unknown) =>
  error instanceof NoConnectionError ||
  error instanceof NoAnswerError ||
  (error as { fatal?: unknown } | null)?.fatal === true ||
  /^(E[A-Z]+|PROTOCOL_.*|ER_SERVER_SHUTDOWN|ER_CONNECTION_KILLED|ER_QUERY_INTERRUPTED|ER_OPTION_PREVENTS_STATEMENT|ER_READ_ONLY_MODE)$/.test(
    codeOf(error),
  ) ||
  messageOf(error).includes('closed state'); // mysql2's words for a connection that died before the statement

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  PROTOCOL_CONNECTION_LOST: 'the connection was cut',
  ENOTFOUND: 'host name unknown',
  EAI_AGAIN: 'host name unknown',
  ETIMEDOUT: 'no answer',
  ER_ACCESS_DENIED_ERROR: 'wrong user or password',
  ER_DBACCESS_DENIED_ERROR: 'the user may not use the database',
  ER_BAD_DB_ERROR: 'the database does not exist',
  ER_CON_COUNT_ERROR: 'too many connections',
};

/** What is wrong with the server, in words and without a secret. */
export const reasonOf = (error: unknown): string => reasons[codeOf(error)] ?? messageOf(error);
