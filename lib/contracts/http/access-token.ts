import { z } from 'zod';

/** Pinned by auth when it signs (RS256, kid in the header) and by everyone who verifies. */
export const accessTokenIssuer = 'image-organizer';
export const accessTokenAudience = 'image-organizer-api';

export const role = z.enum(['admin', 'user']);
export type Role = z.output<typeof role>;

const most = z.int().nonnegative().nullable();
/** How much an owner may keep; null: as much as there is room for. */
export const quota = z
  .object({ /** Images. */ images: most, /** Bytes of what was uploaded. */ bytes: most })
  .meta({ id: 'Quota' });
export type Quota = z.output<typeof quota>;
export const unlimited: Quota = { images: null, bytes: null };

/** Claims of an access token. */
export const accessTokenClaims = z.object({
  /** The user's id. */
  sub: z.uuid(),
  email: z.string(),
  role,
  /** As it was when the token was signed; tokens of a version before quotas have none. */
  quota: quota.default(unlimited),
});
export type AccessTokenClaims = z.output<typeof accessTokenClaims>;

/** Answer of GET /.well-known/jwks.json (RFC 7517). */
export const jwks = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('RSA'),
      kid: z.string(),
      use: z.literal('sig'),
      alg: z.literal('RS256'),
      n: z.string(),
      e: z.string(),
    }),
  ),
});
export type Jwks = z.output<typeof jwks>;
