import { z } from 'zod';
import { quota, role } from './access-token.ts';
import { credentials } from './session.ts';

/** A user as an administrator sees them. */
export const adminUser = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role,
    /** May not log in, and whatever they were given is refused. */
    disabled: z.boolean(),
    quota,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'AdminUser' });
export type AdminUser = z.output<typeof adminUser>;

/** Answer of GET /api/admin/users, by email. */
export const adminUserList = z.object({ items: z.array(adminUser), nextCursor: z.string().nullable() });
export type AdminUserList = z.output<typeof adminUserList>;

export const adminUserQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional(),
});

/** Body of PATCH /api/admin/users/{id}. What is not named stays. */
export const adminUserChange = z
  .strictObject({ role: role.optional(), disabled: z.boolean().optional(), quota: quota.optional() })
  .refine((fields) => Object.keys(fields).length > 0, 'name at least one of role, disabled and quota');

/** Body of POST /api/admin/invites. */
export const newInvite = z.strictObject({ email: credentials.shape.email, role: role.default('user') });
export type NewInvite = z.output<typeof newInvite>;

/** An invite that was not used yet: its text is with whom it was sent to. */
export const invite = z
  .object({
    id: z.uuid(),
    /** Who may register with it. */
    email: z.string(),
    role,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Invite' });
export type Invite = z.output<typeof invite>;

/** Answer of POST /api/admin/invites: its text is shown this once. */
export const createdInvite = invite
  .extend({
    /** For POST /register: `invite`. */
    token: z.string(),
    /** Whether it goes out by email too; false: there is no SMTP server here. */
    emailed: z.boolean(),
  })
  .meta({ id: 'CreatedInvite' });
export type CreatedInvite = z.output<typeof createdInvite>;

/** Answer of GET /api/admin/invites, newest first: the last thousand. */
export const inviteList = z.object({ items: z.array(invite), nextCursor: z.null() });
export type InviteList = z.output<typeof inviteList>;
