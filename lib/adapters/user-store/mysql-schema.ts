/** utf8mb4_bin: every comparison is by code point, whatever the server's default collation is. */
const table = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/**
 * Appended to, never edited; one statement each, which may run twice: MySQL commits a change of the schema at once, so a
 * crash can come between it and the record of it. A column that is there already is taken as made. Times are Unix milliseconds.
 */
export const userMigrations = [
  `CREATE TABLE IF NOT EXISTS users (
    id VARCHAR(64) PRIMARY KEY,
    email VARCHAR(320) NOT NULL,
    email_lower VARCHAR(640) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    role VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE KEY users_email_lower (email_lower)
  ) ${table}`,
  `CREATE TABLE IF NOT EXISTS refresh_tokens (
    hash VARCHAR(128) PRIMARY KEY,
    family VARCHAR(64) NOT NULL,
    user_id VARCHAR(64) NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT,
    revoked BOOLEAN NOT NULL DEFAULT FALSE,
    KEY refresh_tokens_family (family),
    KEY refresh_tokens_expires_at (expires_at),
    CONSTRAINT refresh_tokens_user FOREIGN KEY (user_id) REFERENCES users (id)
  ) ${table}`,
  `CREATE TABLE IF NOT EXISTS signing_keys (
    kid VARCHAR(64) PRIMARY KEY,
    private_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
  ) ${table}`,
  `ALTER TABLE users
    ADD COLUMN disabled BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN quota_images BIGINT,
    ADD COLUMN quota_bytes BIGINT`,
  `CREATE TABLE IF NOT EXISTS api_tokens (
    id VARCHAR(64) PRIMARY KEY,
    user_id VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    hash VARCHAR(128) NOT NULL,
    scopes VARCHAR(255) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT,
    UNIQUE KEY api_tokens_hash (hash),
    CONSTRAINT api_tokens_user FOREIGN KEY (user_id) REFERENCES users (id)
  ) ${table}`,
  `CREATE TABLE IF NOT EXISTS invites (
    id VARCHAR(64) PRIMARY KEY,
    hash VARCHAR(128) NOT NULL,
    email VARCHAR(320) NOT NULL,
    role VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE KEY invites_hash (hash)
  ) ${table}`,
  `CREATE TABLE IF NOT EXISTS password_resets (
    hash VARCHAR(128) PRIMARY KEY,
    user_id VARCHAR(64) NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CONSTRAINT password_resets_user FOREIGN KEY (user_id) REFERENCES users (id)
  ) ${table}`,
];
