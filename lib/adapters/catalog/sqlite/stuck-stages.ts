import type { StageName } from '@image-organizer/contracts/vocabulary';
import type { StageCatalog } from '../catalog.ts';
import { lost } from '../stage-changes.ts';
import type { Database } from '../../sqlite/database.ts';
import { imageTable, toImage } from './images.ts';
import { recordEvent } from './outbox.ts';

const hasNoEvent = 'NOT EXISTS (SELECT 1 FROM outbox WHERE subject = images.id)';

/**
 * `stage_since` is the end of the lease while the stage is running, else when it was touched. A running stage whose
 * lease has expired is due at once, and again only when it has been idle since it was last queued.
 */
const stuckAtWork = `stage_status = 'running' AND stage_since <= :now
  AND (touched_at <= stage_since OR touched_at <= :idleSince)`;
const stuckWaiting = `stage_status = 'pending' AND stage_since <= :idleSince
  AND (stage_since <= :queuedSince OR NOT EXISTS (
    SELECT 1 FROM json_each(:queued) WHERE value ->> '$.stage' = stage AND value ->> '$.lane' = doc ->> '$.lane'))`;
const select = (condition: string) =>
  `SELECT stage, stage_since, doc FROM images WHERE deleted_at IS NULL AND ${condition} AND ${hasNoEvent}`;

/** Stages that nobody works on though somebody should. */
export const createStuckStages = (
  database: Database,
): Pick<StageCatalog, 'stuckStages' | 'requeueStage'> => ({
  async stuckStages({ now, idleSince, queued, queuedSince, limit }) {
    return database
      .all<{ stage: StageName; doc: string }>(
        `${select(stuckAtWork)} UNION ALL ${select(stuckWaiting)} ORDER BY stage_since LIMIT :limit`,
        {
          now: now.toISOString(),
          idleSince: idleSince.toISOString(),
          queued: JSON.stringify(queued),
          queuedSince: queuedSince.toISOString(),
          limit,
        },
      )
      .map(({ stage, doc }) => ({ stage, image: toImage(doc) }));
  },
  requeueStage: async ({ imageId, stage, now, event }) =>
    database.transaction(() => {
      const changed = database.run(
        `UPDATE images SET touched_at = :now WHERE id = :imageId AND deleted_at IS NULL AND stage = :stage AND ${hasNoEvent}
         AND (stage_status = 'pending' OR stage_status = 'running' AND stage_since <= :now)`,
        { imageId, stage, now: now.toISOString() },
      );
      if (changed === 1) recordEvent(database, imageId, event);
      return changed === 1;
    }),
});

/** Every running stage becomes pending. @returns how many */
export function releaseRunningStages(database: Database, now: Date): number {
  const images = imageTable(database);
  const running = database.all<{ id: string; stage: StageName }>(
    `SELECT id, stage FROM images WHERE stage_status = 'running' AND deleted_at IS NULL`,
  );
  for (const { id, stage } of running) images.update(lost(images.find(id)!, stage, now));
  return running.length;
}
