import { InvalidCursorError, type ListSort } from './catalog.ts';
import type { ImageRecord } from './records.ts';

/** Where a page ended: the last image's sort key, and its id where keys are equal. */
export interface Position {
  key: string | number;
  id: string;
}

/** What images are compared by; names without regard to case. */
export type SortField = 'uploadedAt' | 'filename' | 'size' | 'deletedAt';

export const sortOf = (sort: ListSort): { field: SortField; descending: boolean } =>
  sort.startsWith('-')
    ? { field: sort.slice(1) as SortField, descending: true }
    : { field: sort as SortField, descending: false };

/** Names are compared in lower case. */
export const nameKey = (filename: string): string => filename.normalize('NFC').toLowerCase();

const sortKey = (image: ImageRecord, field: SortField): string | number =>
  ({
    uploadedAt: image.uploadedAt.toISOString(),
    filename: nameKey(image.filename),
    size: image.size,
    deletedAt: image.deletedAt?.toISOString() ?? '',
  })[field];

/** The cursor of the page that follows `last`, opaque to clients. */
export const cursorAfter = (last: ImageRecord, sort: ListSort): string =>
  Buffer.from(JSON.stringify([sort, sortKey(last, sortOf(sort).field), last.id])).toString('base64url');

/** @throws InvalidCursorError when it is no cursor of ours or was made for another order */
export function positionOf(cursor: string, sort: ListSort): Position {
  const [madeFor, key, id] = parts(cursor);
  const keyType = sortOf(sort).field === 'size' ? 'number' : 'string';
  if (madeFor !== sort || typeof key !== keyType || typeof id !== 'string') {
    throw new InvalidCursorError(`this cursor does not continue a list sorted by ${sort}`);
  }
  return { key: key as string | number, id };
}

function parts(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}
