import { ObjectId } from 'mongodb';
import type { Clock } from '@image-organizer/platform/clock';
import type { GridFsLayout } from './gridfs-layout.ts';
import type { Retry } from './gridfs-retry.ts';

/** A put that took longer is refused, so that a file's age says whether it may still get its pointer. */
export const longestPutMs = 3_600_000;
/** Twice as long, for clocks that differ. */
const abandonedAfterMs = 2 * longestPutMs;
const pageSize = 1_000;
const removedAtOnce = 100;

/** Removing what is not there succeeds. */
export async function removeFiles(
  { chunks, files }: GridFsLayout,
  retry: Retry,
  fileIds: ObjectId[],
): Promise<void> {
  await Promise.all([
    retry(() => chunks.deleteMany({ files_id: { $in: fileIds } })),
    retry(() => files.deleteMany({ _id: { $in: fileIds } })),
  ]);
}

/**
 * Removes files without a pointer: of a put whose process died, of a version whose replacer died. Each call looks at the
 * next page of the store and begins again at its end.
 * @returns a function that gives the number of files it removed
 */
export function createAbandonedScan(clock: Clock): (layout: GridFsLayout, retry: Retry) => Promise<number> {
  const beginning = ObjectId.createFromTime(0);
  let [afterChunk, afterFile] = [beginning, beginning];
  return async (layout, retry) => {
    const youngest = ObjectId.createFromTime((clock.now().getTime() - abandonedAfterMs) / 1000);
    const inChunks = await retry(() => pageOfChunks(layout, afterChunk, youngest));
    const inFiles = await retry(() => pageOfFiles(layout, afterFile, youngest));
    const abandoned = await withoutPointer(layout, retry, [...inChunks, ...inFiles]);
    for (let from = 0; from < abandoned.length; from += removedAtOnce)
      await removeFiles(layout, retry, abandoned.slice(from, from + removedAtOnce));
    afterChunk = inChunks.length < pageSize ? beginning : inChunks.at(-1)!;
    afterFile = inFiles.length < pageSize ? beginning : inFiles.at(-1)!;
    return abandoned.length;
  };
}

/** One entry per chunk, read from the index alone. */
async function pageOfChunks({ chunks }: GridFsLayout, after: ObjectId, before: ObjectId) {
  const page = await chunks
    .find({ files_id: { $gt: after, $lt: before } })
    .project<{ files_id: ObjectId }>({ _id: 0, files_id: 1 })
    .sort({ files_id: 1, n: 1 })
    .limit(pageSize)
    .toArray();
  return page.map(({ files_id }) => files_id);
}

/** Files of which no chunk was written, or none is left, have an entry all the same. */
async function pageOfFiles({ files }: GridFsLayout, after: ObjectId, before: ObjectId) {
  const page = await files
    .find({ _id: { $gt: after, $lt: before } })
    .project<{ _id: ObjectId }>({ _id: 1 })
    .sort({ _id: 1 })
    .limit(pageSize)
    .toArray();
  return page.map(({ _id }) => _id);
}

/** A file's entry, written before its pointer, names the one id that may point to it. */
async function withoutPointer({ files, pointers }: GridFsLayout, retry: Retry, fileIds: ObjectId[]) {
  const unique = [...new Map(fileIds.map((fileId) => [fileId.toHexString(), fileId])).values()];
  const entries = await retry(() => files.find({ _id: { $in: unique } }).toArray());
  const ids = [...new Set(entries.map(({ filename }) => filename))];
  const pointing = await retry(() => pointers.find({ _id: { $in: ids } }).toArray());
  const wanted = new Set(pointing.map(({ fileId }) => fileId.toHexString()));
  return unique.filter((fileId) => !wanted.has(fileId.toHexString()));
}
