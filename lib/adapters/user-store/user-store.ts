import type { Quota, Role } from '@image-organizer/contracts/http/access-token';
import type { ApiTokenStore } from './api-tokens.ts';
import type { InviteStore } from './invites.ts';
import type { PasswordStore } from './passwords.ts';

export interface User {
  id: string;
  /** Lower-case, trimmed: unique. */
  email: string;
  /** bcrypt. */
  passwordHash: string;
  role: Role;
  createdAt: Date;
  /** May not log in, and nothing that was issued to them is renewed. */
  disabled: boolean;
  quota: Quota;
}

/** What an administrator may change of a user; what is absent stays. */
export type UserChange = Partial<Pick<User, 'role' | 'disabled' | 'quota'>>;

export class EmailTakenError extends Error {
  override name = 'EmailTakenError';
  constructor(email: string) {
    super(`there is an account for ${email} already`);
  }
}

/** Without an administrator who may log in, nobody could make one. */
export class LastAdminError extends Error {
  override name = 'LastAdminError';
  constructor() {
    super('the last administrator cannot be disabled or become a user');
  }
}

/** A refresh token is never stored, only its SHA-256 (hex). All tokens that follow from one login share a family. */
export interface NewRefreshToken {
  hash: string;
  expiresAt: Date;
}

export type Rotation =
  | { kind: 'rotated'; user: User }
  /** Presented again after its successor was made, beyond the grace: the family has been revoked. */
  | { kind: 'reused' }
  | { kind: 'unknown' }
  | { kind: 'expired' }
  | { kind: 'revoked' };

/** A key that signs access tokens. Private PEM (PKCS #8); the kid is public. */
export interface SigningKey {
  kid: string;
  privateKey: string;
  createdAt: Date;
}

/** Users and what proves who they are. Adapters: sqlite, mysql. `describeUserStore` (lib/testing) is the specification. */
export interface UserStore extends ApiTokenStore, InviteStore, PasswordStore {
  /** @throws EmailTakenError */
  addUser(user: User): Promise<void>;
  findUserByEmail(email: string): Promise<User | undefined>;
  findUser(id: string): Promise<User | undefined>;
  countUsers(): Promise<number>;
  /** By email. @param page.after the email that the page before ended with */
  listUsers(page: { limit: number; after?: string }): Promise<User[]>;
  /**
   * Who is disabled loses every refresh token.
   * @returns the user as it is then; undefined: there is none. @throws LastAdminError, and then nothing is changed
   */
  updateUser(id: string, change: UserChange): Promise<User | undefined>;

  /** Begins a family: a login. */
  addRefreshToken(token: NewRefreshToken & { family: string; userId: string; now: Date }): Promise<void>;
  /**
   * Exchanges a presented token for `next` in one step. A token presented again within `graceMs` of its exchange is
   * exchanged once more (the answer was lost on its way); later than that its family is revoked.
   */
  rotateRefreshToken(request: {
    hash: string;
    next: NewRefreshToken;
    now: Date;
    graceMs: number;
  }): Promise<Rotation>;
  /** Revokes the family of the presented token; one that is unknown is no error. */
  revokeRefreshToken(hash: string): Promise<void>;
  /** Forgets tokens that expired before `now`. @returns how many */
  deleteExpiredRefreshTokens(now: Date): Promise<number>;

  /** Newest first. */
  signingKeys(): Promise<SigningKey[]>;
  /** The first caller's key is kept; all get the keys there are, newest first. */
  ensureSigningKey(candidate: SigningKey): Promise<SigningKey[]>;
  /** One more, beside those there are. */
  addSigningKey(key: SigningKey): Promise<void>;
  /** One that is not there is no error. */
  removeSigningKey(kid: string): Promise<void>;

  waitingFor(): string[];
  close(): Promise<void>;
}
