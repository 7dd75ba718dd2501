/** utf8mb4_bin: every comparison is by code point, whatever the server's default collation is. */
const table = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/**
 * Appended to, never edited; one statement each, which may run twice: MySQL commits a change of the schema at once, so a
 * crash can come between it and the record of it. Times are Unix milliseconds.
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
];
