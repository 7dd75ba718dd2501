import type { Filter, Sort } from 'mongodb';
import type { ImageListQuery } from '../catalog.ts';
import { positionOf, sortOf } from '../cursor.ts';
import type { ImageDocument } from './documents.ts';
import { someDate } from './migrations.ts';
import { foldedWords } from './words.ts';

export type Condition = Filter<ImageDocument>;

const sortFields = {
  uploadedAt: 'uploadedAt',
  filename: 'sortName',
  size: 'size',
  deletedAt: 'deletedAt',
} as const;

/** What the query looks for; the owner's living images at least, or those in the trash. */
export const filterOf = (query: ImageListQuery): Condition => ({
  ownerId: query.ownerId,
  deletedAt: query.trashed ? someDate : null,
  $and: [{}, ...conditions(query), ...afterCursor(query)],
});

export function orderOf({ sort }: Pick<ImageListQuery, 'sort'>): Sort {
  const { field, descending } = sortOf(sort);
  const direction = descending ? -1 : 1;
  return { [sortFields[field]]: direction, _id: direction };
}

const conditions = ({ q, folder, tag, status, batchId, from, to, format }: ImageListQuery): Condition[] => [
  ...when(q, (q) => ({ $and: foldedWords(q).map(hasWord) })),
  ...when(folder, inFolder),
  ...when(tag, (tag) => ({ tags: tag })),
  ...when(status, (status) => ({ status })),
  ...when(batchId, (batchId) => ({ batchId })),
  ...when(from, (from) => ({ uploadedAt: { $gte: from } })),
  ...when(to, (to) => ({ uploadedAt: { $lte: to } })),
  ...when(format, (format) => ({ 'metadata.format': format })),
];

/** A word or what begins with it; a single letter would match nearly everything. Words are letters and digits alone. */
export const hasWord = (word: string): Condition => ({
  words: word.length > 1 ? { $regex: `^${word}` } : word,
});

/** The folder and all below it: one range of the index, from which its neighbours (`A-1` beside `A/1`) are left out. */
export const inFolder = (folder: string): Condition => ({
  'placement.folder': { $gte: folder, $lt: `${folder}0` }, // 0 follows / in Unicode
  $or: [{ 'placement.folder': folder }, { 'placement.folder': { $gte: `${folder}/` } }],
});

function afterCursor({ cursor, sort }: ImageListQuery): Condition[] {
  return when(cursor, (cursor) => {
    const { field, descending } = sortOf(sort);
    const { key, id } = positionOf(cursor, sort);
    const [name, after] = [sortFields[field], descending ? '$lt' : '$gt'];
    const last = field === 'uploadedAt' || field === 'deletedAt' ? new Date(key) : key;
    return {
      [name]: { [`${after}e`]: last }, // the range that the index is read in
      $or: [{ [name]: { [after]: last } }, { [name]: last, _id: { [after]: id } }],
    };
  });
}

const when = <Value>(value: Value | undefined, condition: (value: Value) => Condition): Condition[] =>
  value === undefined ? [] : [condition(value)];
