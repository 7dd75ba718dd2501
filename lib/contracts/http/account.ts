import { z } from 'zod';
import { quota, role } from './access-token.ts';
import { scope } from './api-token.ts';
import { credentials } from './session.ts';

/** Answer of GET /api/account: who the caller is, as auth has it now. */
export const ownAccount = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role,
    quota,
    /** What the API token may do; null: a login, which may do everything its owner may. */
    scopes: z.array(scope).nullable(),
  })
  .meta({ id: 'OwnAccount' });
export type OwnAccount = z.output<typeof ownAccount>;

const { email, password } = credentials.shape;

/** Body of POST /api/account/password. */
export const passwordChange = z.strictObject({ current: password, new: password });
export type PasswordChange = z.output<typeof passwordChange>;

/** Body of POST /password-reset. */
export const passwordResetRequest = z.strictObject({ email });

/** Body of POST /password-reset/confirm: the token of the email's link, and the password from now on. */
export const passwordResetConfirmation = z.strictObject({ token: z.string().min(1).max(200), password });
export type PasswordResetConfirmation = z.output<typeof passwordResetConfirmation>;
