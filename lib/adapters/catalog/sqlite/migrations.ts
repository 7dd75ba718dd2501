import { tallySchema } from './tally-triggers.ts';

/**
 * The schema, step by step: appended to, never edited. A file's `user_version` says how many steps it has had.
 *
 * An image is a JSON document (an ImageRecord). The columns that queries need, its tags and its entry in the full-text
 * index are derived from the document by the schema itself, so that no writer can let them drift apart. Times are
 * ISO 8601 in UTC, which sorts as text.
 */
export const migrations = [
  `
  CREATE TABLE images (
    seq INTEGER PRIMARY KEY, -- what the full-text index and the tags refer to
    idempotency_key TEXT,
    sort_name TEXT NOT NULL, -- the filename in lower case: SQLite knows only ASCII's
    placed_name TEXT,        -- the placement's filename in lower case
    touched_at TEXT NOT NULL, -- when the image came to its present stage or was queued for it again
    id TEXT NOT NULL UNIQUE AS (doc ->> '$.id') STORED,
    owner_id TEXT NOT NULL AS (doc ->> '$.ownerId') STORED,
    batch_id TEXT NOT NULL AS (doc ->> '$.batchId') STORED,
    sha256 TEXT NOT NULL AS (doc ->> '$.sha256') STORED,
    size INTEGER NOT NULL AS (doc ->> '$.size') STORED,
    status TEXT NOT NULL AS (doc ->> '$.status') STORED,
    uploaded_at TEXT NOT NULL AS (doc ->> '$.uploadedAt') STORED,
    organized_at TEXT AS (doc ->> '$.organizedAt') STORED,
    deleted_at TEXT AS (doc ->> '$.deletedAt') STORED,
    format TEXT AS (doc ->> '$.metadata.format') STORED,
    folder TEXT AS (doc ->> '$.placement.folder') STORED,
    decided_by TEXT AS (doc ->> '$.decision.model') STORED,
    -- The first stage that is not done; null when all are.
    stage TEXT AS (CASE
      WHEN doc ->> '$.stages.extract.status' <> 'done' THEN 'extract'
      WHEN doc ->> '$.stages.classify.status' <> 'done' THEN 'classify'
      WHEN doc ->> '$.stages.organize.status' <> 'done' THEN 'organize' END) STORED,
    stage_status TEXT AS (doc ->> ('$.stages.' || stage || '.status')) STORED,
    -- Who finds it later than this may think that nobody works on it.
    stage_since TEXT AS (coalesce(doc ->> ('$.stages.' || stage || '.leaseUntil'), touched_at)) STORED,
    extract_ms REAL AS (doc ->> '$.stages.extract.durationMs') STORED,
    classify_ms REAL AS (doc ->> '$.stages.classify.durationMs') STORED,
    organize_ms REAL AS (doc ->> '$.stages.organize.durationMs') STORED,
    doc TEXT NOT NULL -- last: a long text does not stand between a reader and the columns
  ) STRICT;
  CREATE UNIQUE INDEX images_by_idempotency_key ON images (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE UNIQUE INDEX images_by_place ON images (owner_id, folder, placed_name)
    WHERE folder IS NOT NULL AND deleted_at IS NULL;
  CREATE INDEX images_by_content ON images (owner_id, sha256, uploaded_at, id) WHERE deleted_at IS NULL;
  CREATE INDEX images_by_upload ON images (owner_id, uploaded_at, id) WHERE deleted_at IS NULL;
  CREATE INDEX images_by_name ON images (owner_id, sort_name, id) WHERE deleted_at IS NULL;
  CREATE INDEX images_by_size ON images (owner_id, size, id) WHERE deleted_at IS NULL;
  CREATE INDEX images_by_status ON images (owner_id, status, uploaded_at, id) WHERE deleted_at IS NULL;
  CREATE INDEX images_by_folder ON images (owner_id, folder, uploaded_at, id) WHERE deleted_at IS NULL;
  CREATE INDEX images_by_batch ON images (batch_id, deleted_at, status);
  CREATE INDEX images_by_progress ON images (owner_id, status, stage, size) WHERE deleted_at IS NULL;
  CREATE INDEX images_decided_locally ON images (owner_id) WHERE decided_by = 'local' AND deleted_at IS NULL;
  CREATE INDEX images_at_work ON images (stage_status, stage_since)
    WHERE stage_status IS NOT NULL AND deleted_at IS NULL;

  CREATE TABLE image_tags (
    owner_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    image INTEGER NOT NULL REFERENCES images (seq) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, tag, image)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_tags_of ON image_tags (image);
  CREATE TRIGGER image_tags_change AFTER UPDATE OF doc ON images
    WHEN old.doc ->> '$.tags' IS NOT new.doc ->> '$.tags'
  BEGIN
    DELETE FROM image_tags WHERE image = old.seq;
    INSERT OR IGNORE INTO image_tags SELECT new.owner_id, value, new.seq FROM json_each(new.doc, '$.tags');
  END;

  CREATE VIRTUAL TABLE image_search USING fts5(
    filename, caption, tags, folder, text,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2'
  );
  CREATE TRIGGER image_search_add AFTER INSERT ON images BEGIN
    INSERT INTO image_search (rowid, filename) VALUES (new.seq, new.doc ->> '$.filename');
  END;
  CREATE TRIGGER image_search_change AFTER UPDATE OF doc ON images
    WHEN (old.doc ->> '$.caption', old.doc ->> '$.tags', old.folder, old.doc ->> '$.text')
      IS NOT (new.doc ->> '$.caption', new.doc ->> '$.tags', new.folder, new.doc ->> '$.text')
  BEGIN
    DELETE FROM image_search WHERE rowid = old.seq;
    INSERT INTO image_search (rowid, filename, caption, tags, folder, text) VALUES (
      new.seq,
      new.doc ->> '$.filename',
      new.doc ->> '$.caption',
      (SELECT group_concat(value, ' ') FROM json_each(new.doc, '$.tags')),
      new.folder,
      new.doc ->> '$.text'
    );
  END;

  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL, -- id of the image or batch whose change it tells of
    created_at TEXT NOT NULL,
    doc TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outbox_by_age ON outbox (created_at, seq);
  CREATE INDEX outbox_by_subject ON outbox (subject);

  CREATE TABLE uploads (
    image_id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    expires_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX uploads_by_expiry ON uploads (expires_at);

  CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    owner_email TEXT NOT NULL,
    idempotency_key TEXT,
    status TEXT NOT NULL CHECK (status IN ('receiving', 'open', 'completed')),
    notify INTEGER NOT NULL,
    request_id TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    completed_at TEXT,
    touched_at TEXT,                          -- when it was completed or its event was recorded again
    email_settled INTEGER NOT NULL DEFAULT 0  -- its email has been sent or has failed for good
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX batches_by_idempotency_key ON batches (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX batches_by_status ON batches (status, expires_at);
  CREATE INDEX batches_without_email ON batches (touched_at) WHERE status = 'completed' AND notify AND NOT email_settled;

  CREATE TABLE deliveries (
    key TEXT PRIMARY KEY,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'sent', 'failed')),
    epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    owner TEXT,
    lease_until TEXT,
    error TEXT,
    sent_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_running ON deliveries (key) WHERE status = 'running';
  -- Settled emails leave the index that the sweeper looks through.
  CREATE TRIGGER deliveries_settled AFTER UPDATE OF status ON deliveries
    WHEN new.status IN ('sent', 'failed') AND new.key LIKE 'email:%'
  BEGIN
    UPDATE batches SET email_settled = 1 WHERE id = substr(new.key, length('email:') + 1);
  END;

  CREATE TABLE folders (
    owner_id TEXT NOT NULL,
    path TEXT NOT NULL,
    description TEXT NOT NULL,
    common_words TEXT NOT NULL,  -- JSON arrays
    initial_words TEXT NOT NULL, -- those it was created with
    created_by TEXT NOT NULL CHECK (created_by IN ('auto', 'user')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (owner_id, path)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // What language models cost: virtual columns, for a table that exists takes no stored ones.
  `
  ALTER TABLE images ADD COLUMN llm_calls INTEGER AS (doc ->> '$.decision.usage.calls');
  ALTER TABLE images ADD COLUMN llm_prompt_tokens INTEGER AS (doc ->> '$.decision.usage.promptTokens');
  ALTER TABLE images ADD COLUMN llm_completion_tokens INTEGER AS (doc ->> '$.decision.usage.completionTokens');
  ALTER TABLE images ADD COLUMN llm_cost_usd REAL AS (doc ->> '$.decision.usage.costUsd');
  CREATE INDEX images_by_llm_usage
    ON images (owner_id, llm_calls, llm_prompt_tokens, llm_completion_tokens, llm_cost_usd)
    WHERE llm_calls IS NOT NULL AND deleted_at IS NULL;
  DROP INDEX images_decided_locally;
  CREATE INDEX images_decided_without_llm ON images (owner_id)
    WHERE decided_by IS NOT NULL AND llm_calls IS NULL AND deleted_at IS NULL;
  `,
  // What was spent of allowances that processes share.
  `
  CREATE TABLE spending (
    account TEXT NOT NULL,
    period TEXT NOT NULL,
    amount INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (account, period)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX spending_by_expiry ON spending (expires_at);
  `,
  // Corrections: images are renamed, lie in the trash and are forgotten.
  `
  CREATE INDEX images_in_trash ON images (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
  CREATE INDEX images_by_deletion ON images (deleted_at) WHERE deleted_at IS NOT NULL;
  DROP TRIGGER image_search_change;
  CREATE TRIGGER image_search_change AFTER UPDATE OF doc ON images
    WHEN (old.doc ->> '$.filename', old.doc ->> '$.caption', old.doc ->> '$.tags', old.folder, old.doc ->> '$.text')
      IS NOT (new.doc ->> '$.filename', new.doc ->> '$.caption', new.doc ->> '$.tags', new.folder, new.doc ->> '$.text')
  BEGIN
    DELETE FROM image_search WHERE rowid = old.seq;
    INSERT INTO image_search (rowid, filename, caption, tags, folder, text) VALUES (
      new.seq,
      new.doc ->> '$.filename',
      new.doc ->> '$.caption',
      (SELECT group_concat(value, ' ') FROM json_each(new.doc, '$.tags')),
      new.folder,
      new.doc ->> '$.text'
    );
  END;
  -- Its number may be given to another image.
  CREATE TRIGGER image_forgotten AFTER DELETE ON images BEGIN
    DELETE FROM image_search WHERE rowid = old.seq;
    DELETE FROM image_tags WHERE image = old.seq;
  END;
  `,
  // Batches of imports, and those whose end is told to an address.
  `
  ALTER TABLE batches ADD COLUMN kind TEXT NOT NULL DEFAULT 'upload';
  ALTER TABLE batches ADD COLUMN callback_url TEXT;
  `,
  // Webhooks: whom owners want to be called, and every call. A batch that nobody was told of is found without an email too.
  `
  CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at TEXT NOT NULL,
    disabled_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX webhooks_by_owner ON webhooks (owner_id, created_at, id);

  CREATE TABLE webhook_deliveries (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    endpoint_id TEXT,
    url TEXT NOT NULL,
    batch_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'sent', 'failed')),
    epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    leased_by TEXT, -- null when nobody is calling; due_at is the end of the lease
    created_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    settled_at TEXT,
    last_status INTEGER,
    error TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE status = 'pending';
  CREATE INDEX webhook_deliveries_of ON webhook_deliveries (owner_id, endpoint_id, created_at DESC);
  CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (key) WHERE leased_by IS NOT NULL;
  CREATE INDEX webhook_deliveries_settled ON webhook_deliveries (settled_at) WHERE settled_at IS NOT NULL;

  DROP INDEX batches_without_email;
  CREATE INDEX batches_without_email ON batches (touched_at) WHERE status = 'completed' AND NOT email_settled;
  `,
  // CSV imports and their rows.
  `
  CREATE TABLE imports (
    id TEXT PRIMARY KEY, -- and that of its batch
    owner_id TEXT NOT NULL,
    owner_email TEXT NOT NULL,
    filename TEXT NOT NULL,
    folder TEXT,
    status TEXT NOT NULL CHECK (status IN ('receiving', 'running', 'paused', 'cancelled', 'completed')),
    request_id TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    claimed_at TEXT, -- when somebody last began a row of it
    completed_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX imports_by_owner ON imports (owner_id, created_at, id);
  CREATE INDEX imports_receiving ON imports (expires_at) WHERE status = 'receiving';
  CREATE INDEX imports_running ON imports (claimed_at, created_at) WHERE status = 'running';
  CREATE INDEX imports_to_finish ON imports (created_at) WHERE status = 'cancelled' AND completed_at IS NULL;

  CREATE TABLE import_rows (
    import_id TEXT NOT NULL,
    row INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
    due_at TEXT NOT NULL, -- of a running one the end of its lease
    epoch INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    owner TEXT,
    has_error INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    product_name TEXT NOT NULL,
    urls TEXT NOT NULL,   -- JSON arrays
    errors TEXT NOT NULL,
    PRIMARY KEY (import_id, row)
  ) STRICT;
  CREATE INDEX import_rows_by_status ON import_rows (import_id, status);
  CREATE INDEX import_rows_due ON import_rows (import_id, due_at, row) WHERE status IN ('pending', 'running');
  CREATE INDEX import_rows_running ON import_rows (status) WHERE status = 'running';
  CREATE INDEX import_rows_with_error ON import_rows (import_id, row) WHERE has_error = 1;
  `,
  // Folders that moved leave a sign; images that wait for a person, were corrected by one, or can be done again.
  `
  ALTER TABLE folders ADD COLUMN moved_to TEXT; -- where to; null of a folder that is there
  ALTER TABLE images ADD COLUMN waits INTEGER AS (CASE doc ->> '$.status'
    WHEN 'failed' THEN coalesce(doc ->> '$.placement.by', '') <> 'user'
    ELSE coalesce(doc ->> '$.placement.needsReview', 0) END);
  CREATE INDEX images_for_review ON images (owner_id, uploaded_at, id) WHERE waits AND deleted_at IS NULL;
  ALTER TABLE images ADD COLUMN corrected_at TEXT AS (
    CASE doc ->> '$.placement.by' WHEN 'user' THEN doc ->> '$.correctedAt' END
  );
  CREATE INDEX images_by_correction ON images (owner_id, corrected_at)
    WHERE corrected_at IS NOT NULL AND deleted_at IS NULL;
  ALTER TABLE images ADD COLUMN read_under TEXT AS (doc ->> '$.readUnder');
  ALTER TABLE images ADD COLUMN decided_under TEXT AS (doc ->> '$.decision.stamp');
  CREATE INDEX images_by_stamp ON images (owner_id, id, read_under, decided_under, folder, batch_id)
    WHERE status = 'organized' AND deleted_at IS NULL;
  CREATE TABLE stamps (
    stage TEXT PRIMARY KEY,
    doc TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  tallySchema,
  // Lists of a tag come sorted from an index too, and words that begin alike are found without reading all of them.
  `
  DROP TRIGGER image_tags_change;
  DROP TRIGGER image_forgotten;
  DROP TABLE image_tags;
  CREATE TABLE image_tags (
    owner_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    uploaded_at TEXT NOT NULL,
    image_id TEXT NOT NULL,
    image INTEGER NOT NULL REFERENCES images (seq) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, tag, uploaded_at, image_id)
  ) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO image_tags
    SELECT owner_id, value, uploaded_at, images.id, seq FROM images, json_each(doc, '$.tags');
  CREATE INDEX image_tags_of ON image_tags (image);
  CREATE TRIGGER image_tags_change AFTER UPDATE OF doc ON images
    WHEN old.doc ->> '$.tags' IS NOT new.doc ->> '$.tags'
  BEGIN
    DELETE FROM image_tags WHERE image = old.seq;
    INSERT OR IGNORE INTO image_tags
      SELECT new.owner_id, value, new.uploaded_at, new.id, new.seq FROM json_each(new.doc, '$.tags');
  END;
  -- Its number may be given to another image.
  CREATE TRIGGER image_forgotten AFTER DELETE ON images BEGIN
    DELETE FROM image_search WHERE rowid = old.seq;
    DELETE FROM image_tags WHERE image = old.seq;
  END;
  -- As before, and with an index of three letters.
  DROP TABLE image_search;
  CREATE VIRTUAL TABLE image_search USING fts5(
    filename, caption, tags, folder, text,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
  );
  INSERT INTO image_search (rowid, filename, caption, tags, folder, text)
    SELECT seq, doc ->> '$.filename', doc ->> '$.caption',
      (SELECT group_concat(value, ' ') FROM json_each(doc, '$.tags')), folder, doc ->> '$.text' FROM images;
  -- Each occurrence of each word, by words: which ones begin with some letters.
  CREATE VIRTUAL TABLE image_search_words USING fts5vocab(image_search, 'instance');
  `,
  // What people who watch are told of. The triggers leave out what nobody sees: leases, attempts, texts.
  `
  CREATE TABLE changes (
    kind TEXT NOT NULL CHECK (kind IN ('image', 'batch')),
    id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX changes_by_time ON changes (owner_id, changed_at);
  CREATE TRIGGER image_appeared AFTER INSERT ON images BEGIN
    INSERT INTO changes VALUES ('image', new.id, new.owner_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
  END;
  CREATE TRIGGER image_changed AFTER UPDATE OF doc ON images
    WHEN (old.status, old.deleted_at, old.doc ->> '$.placement', old.doc ->> '$.caption', old.doc ->> '$.tags',
        old.doc ->> '$.filename')
      IS NOT (new.status, new.deleted_at, new.doc ->> '$.placement', new.doc ->> '$.caption', new.doc ->> '$.tags',
        new.doc ->> '$.filename')
  BEGIN
    INSERT INTO changes VALUES ('image', new.id, new.owner_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
      ON CONFLICT (kind, id) DO UPDATE SET changed_at = excluded.changed_at;
  END;
  CREATE TRIGGER image_gone AFTER DELETE ON images BEGIN
    DELETE FROM changes WHERE kind = 'image' AND id = old.id;
  END;
  CREATE TRIGGER batch_appeared AFTER INSERT ON batches BEGIN
    INSERT INTO changes VALUES ('batch', new.id, new.owner_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
  END;
  CREATE TRIGGER batch_changed AFTER UPDATE OF status ON batches WHEN old.status <> new.status BEGIN
    INSERT INTO changes VALUES ('batch', new.id, new.owner_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
      ON CONFLICT (kind, id) DO UPDATE SET changed_at = excluded.changed_at;
  END;
  CREATE TRIGGER batch_gone AFTER DELETE ON batches BEGIN
    DELETE FROM changes WHERE kind = 'batch' AND id = old.id;
  END;
  `,
  // What the owner of an import may keep, in images and bytes.
  `
  ALTER TABLE imports ADD COLUMN quota_images INTEGER;
  ALTER TABLE imports ADD COLUMN quota_bytes INTEGER;
  `,
];
