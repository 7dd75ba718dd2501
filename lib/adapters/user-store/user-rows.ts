import type { Scope } from '@image-organizer/contracts/http/api-token';
import type { ApiTokenRecord } from './api-tokens.ts';
import type { Invite } from './invites.ts';
import type { PasswordReset } from './passwords.ts';
import type { SigningKey, User } from './user-store.ts';

/** Rows as both SQL adapters keep them; times are Unix milliseconds. They never leave this folder. */

export interface UserRow {
  id: string;
  email: string;
  password_hash: string;
  role: User['role'];
  created_at: number;
  disabled: number;
  quota_images: number | null;
  quota_bytes: number | null;
}

export interface SigningKeyRow {
  kid: string;
  private_key: string;
  created_at: number;
}

export interface ApiTokenRow {
  id: string;
  user_id: string;
  name: string;
  hash: string;
  /** Separated by blanks. */
  scopes: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface InviteRow {
  id: string;
  hash: string;
  email: string;
  role: User['role'];
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface PasswordResetRow {
  hash: string;
  user_id: string;
  expires_at: number;
  used_at: number | null;
}

const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms));
/** The reverse, for what may be null. */
export const msOf = (date: Date | null) => date && date.getTime();

export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  passwordHash: row.password_hash,
  role: row.role,
  createdAt: new Date(row.created_at),
  disabled: row.disabled !== 0,
  quota: { images: row.quota_images, bytes: row.quota_bytes },
});

export const toSigningKey = (row: SigningKeyRow): SigningKey => ({
  kid: row.kid,
  privateKey: row.private_key,
  createdAt: new Date(row.created_at),
});

export const toApiToken = (row: ApiTokenRow): ApiTokenRecord => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  hash: row.hash,
  scopes: row.scopes.split(' ') as Scope[],
  createdAt: new Date(row.created_at),
  expiresAt: dateOf(row.expires_at),
  lastUsedAt: dateOf(row.last_used_at),
  revokedAt: dateOf(row.revoked_at),
});

export const toInvite = (row: InviteRow): Invite => ({
  id: row.id,
  hash: row.hash,
  email: row.email,
  role: row.role,
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
  usedAt: dateOf(row.used_at),
});

export const toPasswordReset = (row: PasswordResetRow): PasswordReset => ({
  hash: row.hash,
  userId: row.user_id,
  expiresAt: new Date(row.expires_at),
});

/** True when somebody else than `user` is an administrator who may log in, or `user` is none. */
export const mayLose = (user: User, activeAdmins: { id: string }[]) =>
  user.role !== 'admin' || user.disabled || activeAdmins.some(({ id }) => id !== user.id);
