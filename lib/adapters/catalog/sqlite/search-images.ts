import { searchWords } from '../search-words.ts';
import type { Database } from '../../sqlite/database.ts';

/** So many are looked at one by one; where more match, the newest images are looked through instead. */
const manyMatches = 300;

/** More words that begin alike are found by FTS5 itself, which reads all their entries. */
const manyWords = 200;

/** The numbers of the images that match, of all owners, living or not; undefined where there are many. */
export function fewMatches(database: Database, match: string): number[] | undefined {
  const rows = database.all<{ seq: number }>(
    'SELECT rowid AS seq FROM image_search WHERE image_search MATCH :match LIMIT :many',
    { match, many: manyMatches },
  );
  return rows.length < manyMatches ? rows.map(({ seq }) => seq) : undefined;
}

/** How many images the owner has, those in the trash included. */
export const imagesOf = (database: Database, ownerId: string): number =>
  database.get<{ images: number }>(
    'SELECT coalesce(sum(images), 0) AS images FROM image_tallies WHERE owner_id = :ownerId',
    { ownerId },
  )!.images;

/**
 * Each word quoted, so that nothing of FTS5's syntax gets through, and with its last letters free: but for a single
 * letter, which would match nearly everything.
 */
export const matchExpression = (database: Database, q: string): string =>
  searchWords(q)
    .map((word) => (word.length > 1 ? beginningWith(database, word) : `"${word}"`))
    .join(' AND ');

/**
 * The words there are in place of their beginning: FTS5 gathers all entries of all words that begin alike before it gives
 * the first, and finds the entries of a word one by one; those of two or three letters too, by its prefix indexes.
 */
function beginningWith(database: Database, word: string): string {
  const words = word.length > 3 ? wordsBeginningWith(database, word) : [];
  return words.length === 0 ? `"${word}"*` : `(${words.map((each) => `"${each}"`).join(' OR ')})`;
}

/** None where there are too many, or where the index may write the word otherwise. */
function wordsBeginningWith(database: Database, word: string): string[] {
  const first = word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  if (!/^[a-z0-9]+$/.test(first)) return [];
  // From word to word: the index lists every occurrence of each.
  const rows = database.all<{ term: string }>(
    `WITH RECURSIVE found (term) AS (
        SELECT (SELECT term FROM image_search_words WHERE term >= :first LIMIT 1)
        UNION ALL
        SELECT (SELECT term FROM image_search_words WHERE term >= found.term || char(1) LIMIT 1)
          FROM found WHERE found.term < :after
      ) SELECT term FROM found WHERE term < :after LIMIT :many`,
    { first, after: `${first}\u{10ffff}`, many: manyWords },
  );
  return rows.length < manyWords ? rows.map(({ term }) => term) : [];
}
