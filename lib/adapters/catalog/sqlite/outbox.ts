import type { OutboxCatalog } from '../catalog.ts';
import type { OutboxEntry } from '../records.ts';
import type { Database } from '../../sqlite/database.ts';

/** Records the entry in the caller's transaction. @param subject id of the image or batch whose change it tells of */
export function recordEvent(database: Database, subject: string, entry: OutboxEntry): void {
  database.run('INSERT INTO outbox (id, subject, created_at, doc) VALUES (:id, :subject, :createdAt, :doc)', {
    id: entry.id,
    subject,
    createdAt: entry.createdAt.toISOString(),
    doc: JSON.stringify(entry),
  });
}

export const createOutbox = (database: Database): OutboxCatalog => ({
  async dueOutbox(limit) {
    return database
      .all<{ doc: string }>('SELECT doc FROM outbox ORDER BY created_at, seq LIMIT :limit', { limit })
      .map(({ doc }) => toEntry(doc));
  },
  async markPublished({ id }) {
    database.run('DELETE FROM outbox WHERE id = :id', { id });
  },
  async oldestOutboxEntryAt() {
    const oldest = database.get<{ created_at: string }>(
      'SELECT created_at FROM outbox ORDER BY created_at LIMIT 1',
    );
    return oldest ? new Date(oldest.created_at) : null;
  },
});

function toEntry(doc: string): OutboxEntry {
  const entry = JSON.parse(doc) as Omit<OutboxEntry, 'createdAt'> & { createdAt: string };
  return { ...entry, createdAt: new Date(entry.createdAt) };
}
