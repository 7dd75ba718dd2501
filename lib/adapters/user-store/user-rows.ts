import type { SigningKey, User } from './user-store.ts';

/** Rows as both SQL adapters keep them; times are Unix milliseconds. They never leave this folder. */

export interface UserRow {
  id: string;
  email: string;
  password_hash: string;
  role: User['role'];
  created_at: number;
}

export interface SigningKeyRow {
  kid: string;
  private_key: string;
  created_at: number;
}

export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  passwordHash: row.password_hash,
  role: row.role,
  createdAt: new Date(row.created_at),
});

export const toSigningKey = (row: SigningKeyRow): SigningKey => ({
  kid: row.kid,
  privateKey: row.private_key,
  createdAt: new Date(row.created_at),
});
