import type { User } from './user-store.ts';

/** What lets its holder choose a new password, once. Its text is never stored, only its SHA-256 (hex). */
export interface PasswordReset {
  hash: string;
  userId: string;
  expiresAt: Date;
}

export interface PasswordStore {
  /**
   * Every refresh token of the user is revoked with it, and every reset that was asked for is void: who knew the
   * password before is out. API tokens stay. One for a user who is not there is no error.
   */
  changePassword(request: { userId: string; passwordHash: string; now: Date }): Promise<void>;
  addPasswordReset(reset: PasswordReset): Promise<void>;
  /** One that can be used. */
  findPasswordReset(hash: string, now: Date): Promise<PasswordReset | undefined>;
  /** As `changePassword`, by a reset, which is used up. @returns undefined: it cannot be used any more */
  redeemPasswordReset(request: { hash: string; passwordHash: string; now: Date }): Promise<User | undefined>;
}
