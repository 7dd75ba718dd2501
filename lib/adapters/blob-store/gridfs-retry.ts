import { setTimeout as sleep } from 'node:timers/promises';
import { MongoError } from 'mongodb';
import {
  MongoUnavailableError,
  describeMongoError,
  isNetworkFailure,
  type MongoConnection,
} from '../mongo/connection.ts';

/** No further attempt begins after so long; finding a server may take the last one 5 s more. */
const patienceMs = 5_000;

/**
 * Internal error (what a starting server may answer), and the codes with which a server says that it is stopping or is
 * not the primary any more: "retryable errors" of the MongoDB specification of retryable reads and writes.
 */
const passingCodes = new Set([1, 6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

export const isDuplicate = (error: unknown): boolean => error instanceof MongoError && error.code === 11000;

/** True when the server may answer later; the write may have happened or not. */
export const isPassing = (error: unknown): boolean =>
  isNetworkFailure(error) || (error instanceof MongoError && passingCodes.has(error.code as number));

/** Runs work that may be done twice until it is answered, for about 5 to 10 s. */
export type Retry = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** @returns a function that throws MongoUnavailableError when there is no answer in time */
export function createRetry(connection: MongoConnection): Retry {
  const unavailable = (cause: unknown) =>
    new MongoUnavailableError(connection.waitingFor().join() || describeMongoError(cause), { cause });
  return async (work) => {
    const lastStart = Date.now() + patienceMs;
    for (let delayMs = 50; ; delayMs *= 2) {
      try {
        return await work();
      } catch (error) {
        if (!isPassing(error)) throw error;
        const pauseMs = delayMs * (0.5 + Math.random() / 2);
        if (Date.now() + pauseMs > lastStart) throw unavailable(error);
        await sleep(pauseMs);
      }
    }
  };
}
