import type { ImageRecord } from './records.ts';

/** Images that wait for a person: those to look at, and those that failed and that nobody has put anywhere. */
export interface ReviewCatalog {
  /** Oldest upload first, keyset-paged. @throws InvalidCursorError */
  listReview(query: {
    ownerId: string;
    limit: number;
    cursor?: string;
  }): Promise<{ items: ImageRecord[]; nextCursor: string | null }>;
  /** How many there are, counted no further than `atMost`. */
  countReview(ownerId: string, atMost: number): Promise<number>;
}

/** The order of the list. */
export const reviewSort = 'uploadedAt';
