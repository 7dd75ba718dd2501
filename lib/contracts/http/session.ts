import { z } from 'zod';
import { role } from './access-token.ts';

/** Body of POST /login when it is JSON; `curl -u email:password` sends the same as Basic. */
export const credentials = z.object({ email: z.email().max(254), password: z.string().min(1).max(1024) });
export type Credentials = z.output<typeof credentials>;

/** Body of POST /register: as above, and the invite where one is needed. */
export const registration = credentials.extend({ invite: z.string().min(1).max(200).optional() });
export type Registration = z.output<typeof registration>;

/** Body of POST /refresh and /logout. */
export const refreshRequest = z.object({ refreshToken: z.string().min(1).max(512) });

/** Answer of POST /login and /refresh. */
export const session = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    /** Seconds until the access token expires. */
    expiresIn: z.int().positive(),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof session>;

/** Answer of POST /register. */
export const account = z.object({ id: z.uuid(), email: z.string(), role }).meta({ id: 'Account' });
export type Account = z.output<typeof account>;
