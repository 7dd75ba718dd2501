import type { LibraryCatalog } from '../catalog.ts';
import { summary, timedImages, type Tally, type Times } from '../stats-summary.ts';
import type { Database } from '../../sqlite/database.ts';

/** Numbers of a person's living images: counts of all, which triggers keep; times of the newest. */
export const createStats = (
  database: Database,
): Pick<LibraryCatalog, 'stats' | 'usageOf' | 'recountTallies'> => ({
  recountTallies: async () => 0, // triggers count in the transaction of the change
  async stats(ownerId) {
    const tallies = database.all<Tally>(
      `SELECT status, nullif(stage, '') AS stage, images, bytes, llm_calls AS calls, llm_prompt_tokens AS promptTokens,
         llm_completion_tokens AS completionTokens, llm_nano_usd AS nanoUsd, decided_without_llm AS callsAvoided
       FROM image_tallies WHERE owner_id = :ownerId AND status <> 'trashed'`,
      { ownerId },
    );
    const times = database.all<Times>(
      `SELECT extract_ms AS extract, classify_ms AS classify, organize_ms AS organize,
         1000 * (unixepoch(organized_at, 'subsec') - unixepoch(uploaded_at, 'subsec')) AS total
       FROM images WHERE owner_id = :ownerId AND deleted_at IS NULL ORDER BY uploaded_at DESC, id DESC LIMIT :limit`,
      { ownerId, limit: timedImages },
    );
    return summary(tallies, times);
  },
  async usageOf(ownerId) {
    return database.get<{ images: number; bytes: number }>(
      `SELECT coalesce(sum(images), 0) AS images, coalesce(sum(bytes), 0) AS bytes FROM image_tallies
       WHERE owner_id = :ownerId`,
      { ownerId },
    )!;
  },
});
