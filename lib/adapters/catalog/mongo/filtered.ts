import type { FindCursor } from 'mongodb';

const pageSize = 200;

/**
 * The first documents that a second query lets through: in place of a join, which would look at all of them.
 * @param keep those of a page that count
 */
export async function filtered<Document>(
  cursor: FindCursor<Document>,
  limit: number,
  keep: (page: Document[]) => Promise<Document[]>,
): Promise<Document[]> {
  const kept: Document[] = [];
  let page: Document[] = [];
  const turn = async () => {
    if (page.length > 0) kept.push(...(await keep(page)));
    page = [];
  };
  try {
    if (limit <= 0) return [];
    for await (const document of cursor) {
      page.push(document);
      if (page.length === pageSize) await turn();
      if (kept.length >= limit) break;
    }
    await turn();
    return kept.slice(0, limit);
  } finally {
    await cursor.close(); // left open it would keep a connection of the server
  }
}
