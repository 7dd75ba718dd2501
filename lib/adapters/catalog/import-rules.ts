import { InvalidCursorError } from './catalog.ts';
import type { ImportRecord } from './imports.ts';

const order = '-createdAt';

/** The cursor of the page of imports that follows `last`, opaque to clients. */
export const importCursorAfter = ({ createdAt, id }: ImportRecord): string =>
  Buffer.from(JSON.stringify([order, createdAt.toISOString(), id])).toString('base64url');

/** @throws InvalidCursorError when it is no cursor of a list of imports */
export function importPositionOf(cursor: string): { createdAt: Date; id: string } {
  const [madeFor, createdAt, id] = parts(cursor);
  const date = new Date(typeof createdAt === 'string' ? createdAt : NaN);
  if (madeFor !== order || Number.isNaN(date.getTime()) || typeof id !== 'string')
    throw new InvalidCursorError('this cursor does not continue a list of imports');
  return { createdAt: date, id };
}

function parts(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}

/** Whether the report of bad rows has it. */
export const hasError = ({
  urls,
  errors,
}: {
  urls: { status: string }[];
  errors: readonly unknown[];
}): boolean => errors.length > 0 || urls.some(({ status }) => status === 'failed');

/** The states that an owner's wish leads out of. */
export const changeableFrom = {
  running: ['paused'],
  paused: ['running'],
  cancelled: ['running', 'paused'],
} as const;
