import type { SQLInputValue } from 'node:sqlite';
import type { ImageListQuery, LibraryCatalog } from '../catalog.ts';
import { cursorAfter, positionOf, sortOf, type SortField } from '../cursor.ts';
import { searchWords } from '../search-words.ts';
import type { Database } from '../../sqlite/database.ts';
import { toImage } from './images.ts';
import { fewMatches, imagesOf, matchExpression } from './search-images.ts';

interface Condition {
  sql: string;
  values: Record<string, SQLInputValue>;
}

/** What a page is taken from: tables, what they are filtered by, and the columns that they are sorted by. */
interface Source {
  with?: string;
  from: string;
  key: string;
  id: string;
  conditions: Condition[];
}

interface Row {
  doc: string;
}

const sortColumns: Record<SortField, string> = {
  uploadedAt: 'images.uploaded_at',
  filename: 'images.sort_name',
  size: 'images.size',
  deletedAt: 'images.deleted_at',
};

/** One page of a person's living images, or of those in the trash. */
export const createImageList = (database: Database): Pick<LibraryCatalog, 'listImages'> => ({
  async listImages(query) {
    if (query.cursor !== undefined) positionOf(query.cursor, query.sort); // refuses a wrong one
    if (query.q !== undefined && searchWords(query.q).length === 0) return { items: [], nextCursor: null };
    const rows = firstRows(database, { ...query, limit: query.limit + 1 }); // the one too many tells of a next page
    const items = rows.slice(0, query.limit).map(({ doc }) => toImage(doc));
    return { items, nextCursor: rows.length > query.limit ? cursorAfter(items.at(-1)!, query.sort) : null };
  },
});

/** Each kind of list is read in the way that reads least; the plain ones come sorted from an index. */
function firstRows(database: Database, query: ImageListQuery): Row[] {
  const { q, tag, folder, sort, trashed } = query;
  const read = (source: Source) => rowsOf(database, query, source);
  const isByDate = sortOf(sort).field === 'uploadedAt' && !trashed;
  if (q !== undefined) {
    const match = matchExpression(database, q);
    const few = fewMatches(database, match);
    if (few) return read(among(query, few));
    if (isByDate && isSearchAlone(query)) return newestMatches(database, query, match);
    return read(allImages(query, matching(match)));
  }
  if (isByDate && tag !== undefined) return read(tagged(query, tag));
  if (isByDate && folder !== undefined) return read(inFolders(query, folder));
  return read(allImages(query));
}

function rowsOf(database: Database, query: ImageListQuery, source: Source): Row[] {
  const conditions = [...source.conditions, ...afterCursor(query, source)];
  const values = conditions.reduce((all, condition) => ({ ...all, ...condition.values }), {
    ownerId: query.ownerId,
    limit: query.limit,
  });
  return database.all<Row>(pageSql(query, { ...source, conditions }), values);
}

/** The documents are read for the page alone: sorting all that match by index entries keeps long texts out of it. */
function pageSql(
  { sort }: ImageListQuery,
  { with: preface = '', from, key, id, conditions }: Source,
): string {
  const direction = directionOf(sort);
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return `${preface} SELECT doc FROM (
      SELECT images.seq, ${key} AS key, ${id} AS page_id FROM ${from} WHERE ${where}
      ORDER BY ${key} ${direction}, ${id} ${direction} LIMIT :limit
    ) CROSS JOIN images USING (seq) ORDER BY key ${direction}, page_id ${direction}`;
}

const allImages = (query: ImageListQuery, ...more: Condition[]): Source => ({
  from: 'images',
  key: sortColumns[sortOf(query.sort).field],
  id: 'images.id',
  conditions: [...filters(query), ...tagAndFolder(query), ...more],
});

/** Those of some images that the query lets through. */
const among = (query: ImageListQuery, seqs: number[]): Source => ({
  ...allImages(query, { sql: 'true', values: { seqs: JSON.stringify(seqs) } }),
  from: 'json_each(:seqs) AS found CROSS JOIN images ON images.seq = found.value',
});

/** The tags have their images' dates with them. */
function tagged(query: ImageListQuery, tag: string): Source {
  const own = { sql: 'image_tags.owner_id = :ownerId AND image_tags.tag = :tag', values: { tag } };
  return {
    from: 'image_tags CROSS JOIN images ON images.seq = image_tags.image',
    key: 'image_tags.uploaded_at',
    id: 'image_tags.image_id',
    conditions: [own, ...filters(query), ...tagAndFolder({ ...query, tag: undefined })],
  };
}

/** A page of each folder of the tree, sorted by its index; of these the first. */
function inFolders(query: ImageListQuery, folder: string): Source {
  const page = [...filters(query), ...afterCursor(query, { key: 'images.uploaded_at', id: 'images.id' })];
  const direction = directionOf(query.sort);
  const ofOne = `SELECT seq FROM images WHERE ${page.map(({ sql }) => sql).join(' AND ')}
    AND images.folder = folder_tallies.folder
    ORDER BY images.uploaded_at ${direction}, images.id ${direction} LIMIT :limit`;
  const own = inFolder(folder, 'folder_tallies.folder');
  return {
    from: `folder_tallies CROSS JOIN images ON images.seq IN (${ofOne})`,
    key: 'images.uploaded_at',
    id: 'images.id',
    conditions: [
      { ...own, sql: `folder_tallies.owner_id = :ownerId AND ${own.sql}` },
      ...page.map(({ values }) => ({ sql: 'true', values })),
    ],
  };
}

/** So many times more of the newest images are looked through each time that those before were not enough. */
const spanGrowth = 8;

/** How many at first, for each that is wanted: a quarter may have a word, and with each word fewer have all. */
const firstShare = (words: number): number => 4 ** Math.min(words, 3);

/**
 * Where many match, the newest are soon found: among so many images, or so many more. What is looked for in the full-text
 * index lies between the lowest and the highest number of these images.
 */
function newestMatches(database: Database, query: ImageListQuery, match: string): Row[] {
  const all = imagesOf(database, query.ownerId);
  const words = searchWords(query.q ?? '').length;
  for (let span = query.limit * firstShare(words); ; span *= spanGrowth) {
    const rows = rowsOf(database, query, inSpan(query, match, span));
    if (rows.length === query.limit || span >= all) return rows;
  }
}

function inSpan(query: ImageListQuery, match: string, span: number): Source {
  const conditions = [
    ...filters(query),
    ...afterCursor(query, { key: 'images.uploaded_at', id: 'images.id' }),
  ];
  const [direction, { descending }] = [directionOf(query.sort), sortOf(query.sort)];
  return {
    with: `WITH span AS MATERIALIZED (
        SELECT seq, uploaded_at, id FROM images WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
        ORDER BY uploaded_at ${direction}, id ${direction} LIMIT :span
      )`,
    from: 'span AS images',
    key: 'images.uploaded_at',
    id: 'images.id',
    conditions: [
      {
        // From the end that the span begins at, no more than numbers in it: FTS5 reads past a bound at the other end.
        sql: `images.seq IN (SELECT rowid FROM image_search WHERE image_search MATCH :match
          AND rowid ${descending ? '<= (SELECT max(seq) FROM span)' : '>= (SELECT min(seq) FROM span)'}
          ORDER BY rowid ${direction} LIMIT (SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM span))`,
        values: { match, span },
      },
      ...conditions.map(({ values }) => ({ sql: 'true', values })),
    ],
  };
}

/** Whether nothing but the date of the upload narrows the search. */
const isSearchAlone = ({ folder, tag, status, batchId, format }: ImageListQuery): boolean =>
  [folder, tag, status, batchId, format].every((filter) => filter === undefined);

/** What the query asks for, but for words, tag and folder. */
function filters({ trashed, status, batchId, from, to, format }: ImageListQuery): Condition[] {
  return [
    { sql: 'images.owner_id = :ownerId', values: {} },
    { sql: `images.deleted_at IS ${trashed ? 'NOT NULL' : 'NULL'}`, values: {} },
    ...when(status, (status) => ({ sql: 'images.status = :status', values: { status } })),
    ...when(batchId, (batchId) => ({ sql: 'images.batch_id = :batchId', values: { batchId } })),
    ...when(from, (from) => ({ sql: 'images.uploaded_at >= :from', values: { from: from.toISOString() } })),
    ...when(to, (to) => ({ sql: 'images.uploaded_at <= :to', values: { to: to.toISOString() } })),
    ...when(format, (format) => ({ sql: 'images.format = :format', values: { format } })),
  ];
}

const tagAndFolder = ({ tag, folder }: { tag?: string | undefined; folder?: string }): Condition[] => [
  ...when(tag, (tag) => ({
    sql: 'images.seq IN (SELECT image FROM image_tags WHERE owner_id = :ownerId AND tag = :tag)',
    values: { tag },
  })),
  ...when(folder, (folder) => inFolder(folder, 'images.folder')),
];

const matching = (match: string): Condition => ({
  sql: 'images.seq IN (SELECT rowid FROM image_search WHERE image_search MATCH :match)',
  values: { match },
});

/** The folder and all below it: one range of the index, from which its neighbours (`A-1` beside `A/1`) are left out. */
export const inFolder = (folder: string, column = 'folder'): Condition => ({
  sql: `${column} >= :folder AND ${column} < :afterFolder AND (${column} = :folder OR ${column} >= :belowFolder)`,
  values: { folder, belowFolder: `${folder}/`, afterFolder: `${folder}0` }, // 0 follows / in Unicode
});

function afterCursor({ cursor, sort }: ImageListQuery, { key, id }: Pick<Source, 'key' | 'id'>): Condition[] {
  return when(cursor, (cursor) => {
    const position = positionOf(cursor, sort);
    const sql = `(${key}, ${id}) ${sortOf(sort).descending ? '<' : '>'} (:cursorKey, :cursorId)`;
    return { sql, values: { cursorKey: position.key, cursorId: position.id } };
  });
}

const directionOf = (sort: ImageListQuery['sort']): string => (sortOf(sort).descending ? 'DESC' : 'ASC');

const when = <Value>(value: Value | undefined, condition: (value: Value) => Condition): Condition[] =>
  value === undefined ? [] : [condition(value)];
