import type { Scope } from '@image-organizer/contracts/http/api-token';
import type { User } from './user-store.ts';

/** A token for programs. Its text is never stored, only its SHA-256 (hex). */
export interface ApiTokenRecord {
  id: string;
  userId: string;
  name: string;
  hash: string;
  scopes: Scope[];
  createdAt: Date;
  /** Null: never. */
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export interface ApiTokenStore {
  addApiToken(token: ApiTokenRecord): Promise<void>;
  /** Those that were not revoked, also where they have expired; newest first. */
  apiTokensOf(userId: string): Promise<ApiTokenRecord[]>;
  /** Whatever has become of it, with its owner. */
  findApiToken(hash: string): Promise<{ token: ApiTokenRecord; user: User } | undefined>;
  /** Notes that it was used, unless that was noted less than `coarseMs` ago: most uses write nothing. */
  noteApiTokenUse(use: { id: string; now: Date; coarseMs: number }): Promise<void>;
  /** @returns whether this user had such a token that was not revoked yet */
  revokeApiToken(request: { id: string; userId: string; now: Date }): Promise<boolean>;
}
