import type { Stats } from '@image-organizer/contracts/http/stats';
import type { LibraryCatalog } from '../catalog.ts';
import { summary, timedImages, type Group, type Times } from '../stats-summary.ts';
import type { Database } from '../../sqlite/database.ts';

/** Numbers of a person's living images: counts of all, from one index; times of the newest. */
export const createStats = (database: Database): Pick<LibraryCatalog, 'stats'> => ({
  async stats(ownerId) {
    const groups = database.all<Group>(
      `SELECT status, stage, count(*) AS count, sum(size) AS bytes FROM images
       WHERE owner_id = :ownerId AND deleted_at IS NULL GROUP BY status, stage`,
      { ownerId },
    );
    const times = database.all<Times>(
      `SELECT extract_ms AS extract, classify_ms AS classify, organize_ms AS organize,
         1000 * (unixepoch(organized_at, 'subsec') - unixepoch(uploaded_at, 'subsec')) AS total
       FROM images WHERE owner_id = :ownerId AND deleted_at IS NULL ORDER BY uploaded_at DESC, id DESC LIMIT :limit`,
      { ownerId, limit: timedImages },
    );
    return { ...summary(groups, times), llm: llm(database, ownerId) };
  },
});

/** What asking a language model cost by the decisions; a decision without usage was made without asking. */
const llm = (database: Database, ownerId: string): Stats['llm'] => ({
  ...database.get<Omit<Stats['llm'], 'callsAvoided'>>(
    `SELECT coalesce(sum(llm_calls), 0) AS calls, coalesce(sum(llm_prompt_tokens), 0) AS promptTokens,
       coalesce(sum(llm_completion_tokens), 0) AS completionTokens, coalesce(sum(llm_cost_usd), 0) AS costUsd
     FROM images WHERE owner_id = :ownerId AND llm_calls IS NOT NULL AND deleted_at IS NULL`,
    { ownerId },
  )!,
  callsAvoided: database.get<{ count: number }>(
    `SELECT count(*) AS count FROM images
     WHERE owner_id = :ownerId AND decided_by IS NOT NULL AND llm_calls IS NULL AND deleted_at IS NULL`,
    { ownerId },
  )!.count,
});
