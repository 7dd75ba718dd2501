/**
 * A step of the schema, not edited any more: what people ask again and again is counted while images change, in the same
 * transaction, so that no answer takes longer the more images there are.
 */
export const tallySchema = `
  -- Status 'trashed' for what is in the trash; stage '' where all are done.
  CREATE TABLE image_tallies (
    owner_id TEXT NOT NULL,
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    images INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    llm_calls INTEGER NOT NULL,
    llm_prompt_tokens INTEGER NOT NULL,
    llm_completion_tokens INTEGER NOT NULL,
    llm_nano_usd INTEGER NOT NULL, -- whole: what is added and taken away again leaves nothing
    decided_without_llm INTEGER NOT NULL,
    PRIMARY KEY (owner_id, status, stage)
  ) STRICT, WITHOUT ROWID;
  -- Living images alone, those of folders below not counted.
  CREATE TABLE folder_tallies (
    owner_id TEXT NOT NULL,
    folder TEXT NOT NULL,
    images INTEGER NOT NULL,
    PRIMARY KEY (owner_id, folder)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO image_tallies SELECT owner_id, ${group('images')}, sum(1), sum(size), sum(coalesce(llm_calls, 0)),
      sum(coalesce(llm_prompt_tokens, 0)), sum(coalesce(llm_completion_tokens, 0)),
      sum(${nanoUsd('images')}), sum(${withoutLlm('images')})
    FROM images GROUP BY 1, 2, 3;
  INSERT INTO folder_tallies SELECT owner_id, folder, count(*) FROM images
    WHERE folder IS NOT NULL AND deleted_at IS NULL GROUP BY owner_id, folder;
  CREATE TRIGGER images_tally_add AFTER INSERT ON images BEGIN ${counted('new', 1)} END;
  CREATE TRIGGER images_tally_remove AFTER DELETE ON images BEGIN ${counted('old', -1)} END;
  CREATE TRIGGER images_tally_change AFTER UPDATE OF doc ON images
    WHEN ${relevant('old')} IS NOT ${relevant('new')}
  BEGIN ${counted('old', -1)} ${counted('new', 1)} END;

  -- They served the counts.
  DROP INDEX images_by_progress;
  DROP INDEX images_by_llm_usage;
  DROP INDEX images_decided_without_llm;
`;

function group(row: string): string {
  return `CASE WHEN ${row}.deleted_at IS NULL THEN ${row}.status ELSE 'trashed' END, coalesce(${row}.stage, '')`;
}

function nanoUsd(row: string): string {
  return `CAST(round(coalesce(${row}.llm_cost_usd, 0) * 1e9) AS INTEGER)`;
}

function withoutLlm(row: string): string {
  return `(${row}.decided_by IS NOT NULL AND ${row}.llm_calls IS NULL)`;
}

/** What of an image is counted. */
function relevant(row: 'old' | 'new'): string {
  const columns =
    'status stage size folder decided_by llm_calls llm_prompt_tokens llm_completion_tokens llm_cost_usd';
  const values = columns.split(' ').map((column) => `${row}.${column}`);
  return `(${values.join(', ')}, ${row}.deleted_at IS NULL)`;
}

/** Adds an image to the tallies, or takes it away. */
function counted(row: 'old' | 'new', sign: 1 | -1): string {
  const sums =
    'images bytes llm_calls llm_prompt_tokens llm_completion_tokens llm_nano_usd decided_without_llm';
  return `
    INSERT INTO image_tallies VALUES (
      ${row}.owner_id, ${group(row)}, ${sign}, ${sign} * ${row}.size, ${sign} * coalesce(${row}.llm_calls, 0),
      ${sign} * coalesce(${row}.llm_prompt_tokens, 0), ${sign} * coalesce(${row}.llm_completion_tokens, 0),
      ${sign} * ${nanoUsd(row)}, ${sign} * ${withoutLlm(row)}
    ) ON CONFLICT DO UPDATE SET
      ${sums
        .split(' ')
        .map((sum) => `${sum} = ${sum} + excluded.${sum}`)
        .join(', ')};
    INSERT INTO folder_tallies SELECT ${row}.owner_id, ${row}.folder, ${sign}
      WHERE ${row}.folder IS NOT NULL AND ${row}.deleted_at IS NULL
      ON CONFLICT DO UPDATE SET images = images + excluded.images;`;
}
