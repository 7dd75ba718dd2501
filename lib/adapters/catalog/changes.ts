/** What changed, and when: who wants to know more reads it. */
export interface Change {
  kind: 'image' | 'batch';
  id: string;
  /** The last time, by the clock of the process that wrote it. */
  changedAt: Date;
}

/**
 * What people who watch are told. State, not steps: of what changed three times there is one entry, and its present state is
 * read after it (`findImages`, `getBatch`), so that it is never older than the entry.
 */
export interface ChangeCatalog {
  /**
   * Images and batches of the owner that are new or whose status, placement, caption, tags, filename or trash changed at
   * `since` or later, oldest first. Of what was deleted there is none. Clocks of processes differ, and a write may arrive
   * late: who goes on from a point asks from a little before it.
   */
  listChanges(query: { ownerId: string; since: Date; limit: number }): Promise<Change[]>;
}
