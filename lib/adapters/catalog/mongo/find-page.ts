import type { ImageListQuery } from '../catalog.ts';
import { positionOf, sortOf } from '../cursor.ts';
import { imageFields, type ImageDocument } from './documents.ts';
import { filterOf, hasWord, orderOf, type Condition } from './image-filter.ts';
import type { Store } from './store.ts';
import { livingIn, type TallyDocument } from './tally-counts.ts';
import { uploadedWithin } from './upload-days.ts';
import { foldedWords } from './words.ts';

/** So many that have a word are looked at one by one; where more have it, the newest images are looked through. */
const manyMatches = 200;
/** Of a filter that nothing is counted by, so many images are looked through for each that is wanted. */
const unknownShare = 8;
/** Where they were not enough, so many times more. */
const spanGrowth = 8;

/** The first documents of the list. By date no more is read than is near the page, whatever the server can sort. */
export async function findPage(store: Store, query: ImageListQuery): Promise<ImageDocument[]> {
  const { q, sort, trashed, batchId, cursor, limit } = query;
  const { field, descending } = sortOf(sort);
  const read = (more: Condition | undefined, hint?: string) =>
    store.run(({ images }) =>
      images
        .find(more ? { $and: [filterOf(query), more] } : filterOf(query), {
          ...{ sort: orderOf(query), limit, projection: imageFields },
          ...(hint && { hint }),
        })
        .toArray(),
    );
  const few = q === undefined ? undefined : await fewMatches(store, query.ownerId, foldedWords(q));
  if (few) return read({ _id: { $in: few } }, '_id_');
  if (field !== 'uploadedAt' || trashed || batchId !== undefined) return read(undefined);
  const tally = await store.tallies.recent(query.ownerId);
  const after = cursor === undefined ? undefined : new Date(positionOf(cursor, sort).key);
  for (let span = limit * imagesPerMatch(query, tally); ; span *= spanGrowth) {
    const within = uploadedWithin(tally.days ?? {}, span, { descending, after });
    const documents = await read(within, indexFor(query));
    if (!within || documents.length === limit) return documents;
  }
}

/** Ids of the images that have the rarest of the words; undefined where many have each. */
async function fewMatches(store: Store, ownerId: string, words: string[]): Promise<string[] | undefined> {
  const found = await Promise.all(
    words.map((word) =>
      store.run(({ images }) =>
        images
          .find(
            { ownerId, deletedAt: null, ...hasWord(word) },
            { limit: manyMatches, projection: { _id: 1 }, hint: 'images_by_word' },
          )
          .toArray(),
      ),
    ),
  );
  return found.find((documents) => documents.length < manyMatches)?.map(({ _id }) => _id);
}

/** How many images there are for each that folder and status let through. */
function imagesPerMatch({ q, tag, format, folder, status }: ImageListQuery, tally: TallyDocument): number {
  const shares = [
    q === undefined && tag === undefined && format === undefined ? 1 : unknownShare,
    folder === undefined ? 1 : livingIn(tally) / livingIn(tally, { folder }),
    status === undefined ? 1 : livingIn(tally) / livingIn(tally, { status }),
  ];
  return shares.reduce((product, share) => product * share, 1.2); // they are not spread evenly
}

/** The index for a list with one filter or none; where there are more, the server chooses. */
function indexFor({ q, tag, format, folder, status }: ImageListQuery): string | undefined {
  const filters = { tag, format, folder, status };
  const set = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (set.length === 0) return 'images_by_upload'; // also of a search: many images have the words
  return set.length === 1 && q === undefined && set[0] !== 'format' ? `images_by_${set[0]}` : undefined;
}
