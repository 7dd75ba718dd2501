import type { SQLInputValue } from 'node:sqlite';
import {
  reprocessed,
  type ReprocessCatalog,
  type ReprocessQuery,
  type ReprocessStage,
  type StageStamp,
} from '../reprocess.ts';
import type { Database } from '../../sqlite/database.ts';
import { imageTable, toImage } from './images.ts';
import { inFolder } from './list-images.ts';
import { recordEvent } from './outbox.ts';

/** Doing again what is done, and by what can be told that it should be. */
export function createReprocess(database: Database): ReprocessCatalog {
  const images = imageTable(database);
  return {
    async recordStamp(stage, stamp) {
      database.run('INSERT OR REPLACE INTO stamps VALUES (:stage, :doc)', {
        stage,
        doc: JSON.stringify(stamp),
      });
    },
    async stamps() {
      const rows = database.all<{ stage: ReprocessStage; doc: string }>(
        "SELECT * FROM stamps WHERE stage IN ('extract', 'classify')",
      );
      return Object.fromEntries(rows.map(({ stage, doc }) => [stage, JSON.parse(doc) as StageStamp]));
    },
    async listReprocessable({ after = '', limit, ...query }) {
      const { where, values } = filter(query);
      return database
        .all<{ doc: string }>(
          `SELECT doc FROM images WHERE ${where} AND id > :after ORDER BY id LIMIT :limit`,
          { ...values, after, limit },
        )
        .map(({ doc }) => toImage(doc));
    },
    async countReprocessable(query) {
      const { where, values } = filter(query);
      return database.get<{ count: number }>(`SELECT count(*) AS count FROM images WHERE ${where}`, values)!
        .count;
    },
    reprocessStage: async (request) =>
      database.transaction(() => {
        const before = images.find(request.imageId);
        const image = before && reprocessed(before, request);
        if (!image) return false;
        images.update(image, request.now);
        recordEvent(database, image.id, request.event);
        return true;
      }),
  };
}

function filter({ ownerId, folder, batchId, staleBy }: ReprocessQuery) {
  const inside = folder === undefined ? undefined : inFolder(folder);
  const stale = [
    staleBy?.extract && 'read_under IS NOT :readUnder',
    staleBy?.classify && 'decided_under IS NOT :decidedUnder',
  ].filter((condition) => condition !== undefined);
  const values: Record<string, SQLInputValue> = {
    ownerId,
    ...inside?.values,
    ...(batchId !== undefined && { batchId }),
    ...(staleBy?.extract && { readUnder: staleBy.extract.text }),
    ...(staleBy?.classify && { decidedUnder: staleBy.classify.text }),
  };
  const where = [
    "owner_id = :ownerId AND status = 'organized' AND deleted_at IS NULL",
    ...(inside ? [inside.sql] : []),
    ...(batchId === undefined ? [] : ['batch_id = :batchId']),
    ...(staleBy ? [`(${stale.join(' OR ') || 'FALSE'})`] : []),
  ].join(' AND ');
  return { where, values };
}
