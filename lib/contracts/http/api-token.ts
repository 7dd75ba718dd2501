import { z } from 'zod';
import { accessTokenClaims } from './access-token.ts';

/** What every API token begins with, so that one that leaked is found by who looks for secrets. */
export const apiTokenPrefix = 'io_';

/**
 * What a token may do. `read`: GET and HEAD. `upload`: the calls that bring in images. `write`: every other change, and
 * uploads. `admin`: what is below /api/admin, while its owner is an admin. Tokens and the password need a login.
 */
export const scope = z.enum(['read', 'upload', 'write', 'admin']);
export type Scope = z.output<typeof scope>;

const scopes = z
  .array(scope)
  .min(1)
  .transform((named) => [...new Set(named)])
  .pipe(z.array(scope));

/** Body of POST /api/tokens. */
export const newApiToken = z.strictObject({
  /** What it is for, in its owner's words. */
  name: z.string().trim().min(1).max(100),
  scopes,
  /** Null or absent: it does not expire. */
  expiresAt: z.iso.datetime().nullish(),
});
export type NewApiToken = z.output<typeof newApiToken>;

/** A token as it is listed: what it is, never its text. */
export const apiToken = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(scope),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    /** To the minute. */
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.output<typeof apiToken>;

/** Answer of POST /api/tokens: its text is shown this once. */
export const createdApiToken = apiToken
  .extend({ /** `io_` and 43 characters: 256 random bits as base64url. */ token: z.string() })
  .meta({ id: 'CreatedApiToken' });
export type CreatedApiToken = z.output<typeof createdApiToken>;

/** Answer of GET /api/tokens; there are few, so it is one page. */
export const apiTokenList = z.object({ items: z.array(apiToken), nextCursor: z.null() });
export type ApiTokenList = z.output<typeof apiTokenList>;

/** Body of auth's POST /internal/api-tokens/verify, which no gateway forwards: the SHA-256 of the text, in hex. */
export const verifyApiToken = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Its answer: who the token stands for, and what it may do now. */
export const apiTokenClaims = accessTokenClaims.extend({
  tokenId: z.uuid(),
  /** Without `admin` where the owner is none any more. */
  scopes: z.array(scope),
  expiresAt: z.iso.datetime().nullable(),
});
export type ApiTokenClaims = z.output<typeof apiTokenClaims>;
