import type { User } from './user-store.ts';

/** What lets one address make an account. Its text is never stored, only its SHA-256 (hex). */
export interface Invite {
  id: string;
  hash: string;
  /** Lower-case, trimmed. */
  email: string;
  role: User['role'];
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}

export interface InviteStore {
  addInvite(invite: Invite): Promise<void>;
  /** Those that can still be used, newest first. @param most of them */
  openInvites(now: Date, most: number): Promise<Invite[]>;
  /** Whatever has become of it. */
  findInvite(hash: string): Promise<Invite | undefined>;
  /**
   * Uses the invite up and adds the user: both or neither.
   * @returns false: it was used or has expired, or there is none. @throws EmailTakenError
   */
  redeemInvite(request: { hash: string; user: User; now: Date }): Promise<boolean>;
  /** @returns whether there was one that was not used yet */
  removeInvite(id: string): Promise<boolean>;
  /** Forgets invites and resets of passwords that expired before `now`. @returns how many */
  deleteExpiredLinks(now: Date): Promise<number>;
}
