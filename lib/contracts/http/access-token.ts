import { z } from 'zod';

/** Pinned by auth when it signs (RS256, kid in the header) and by everyone who verifies. */
export const accessTokenIssuer = 'image-organizer';
export const accessTokenAudience = 'image-organizer-api';

/** Claims of an access token. */
export const accessTokenClaims = z.object({
  /** The user's id. */
  sub: z.uuid(),
  email: z.string(),
  role: z.enum(['admin', 'user']),
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
