import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stageNames } from '@image-organizer/contracts/vocabulary';
import { accept, advance, at, failFirstStage } from '@image-organizer/testing/catalog-suite/harness';
import { seededRandom } from '@image-organizer/testing/seeded-random';
import { createSqliteCatalog } from '../sqlite.ts';

describe('what a SQLite catalogue counts while images change', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tallies-'));
  const path = join(folder, 'catalog.sqlite');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('When images came, moved, failed, went to the trash and were forgotten, then it is what counting them all gives.', async () => {
    const catalog = createSqliteCatalog({ path });
    const random = seededRandom(7);
    const oneOf = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
    const word = { by: 'ada', event: () => null };
    for (let nth = 0; nth < 60; nth++) {
      const image = await accept(catalog, { ownerId: oneOf(['ada', 'bob']), size: 1 + nth });
      if (random() < 0.2) await failFirstStage(catalog, image);
      else await advance(catalog, image, oneOf(stageNames));
      const ids = { ownerId: image.ownerId, imageId: image.id };
      if (random() < 0.4)
        await catalog.correctImage({
          ...{ ...ids, ...word, now: at(nth) },
          correction: { kind: 'correct', folder: oneOf(['A', 'A/B']), placedName: `${nth}.jpg` },
        });
      if (random() < 0.4)
        await catalog.correctImage({ ...ids, ...word, now: at(nth), correction: { kind: 'trash' } });
      if (random() < 0.2) await catalog.purgeImage(image.id, at(nth));
    }
    await catalog.close();
    using connection = new DatabaseSync(path);
    const all = (sql: string) => connection.prepare(sql).all();
    const counted = all(`SELECT owner_id, status, images, bytes FROM (
        SELECT owner_id, status, sum(images) AS images, sum(bytes) AS bytes
        FROM image_tallies GROUP BY owner_id, status
      ) WHERE images > 0 ORDER BY owner_id, status`);
    expect(counted.length).toBeGreaterThan(5);
    expect(counted).toEqual(
      all(`SELECT owner_id, iif(deleted_at IS NULL, status, 'trashed') AS status, count(*) AS images,
          sum(size) AS bytes FROM images GROUP BY 1, 2 ORDER BY 1, 2`),
    );
    const folders = all('SELECT * FROM folder_tallies WHERE images > 0 ORDER BY owner_id, folder');
    expect(folders.length).toBeGreaterThan(3);
    expect(folders).toEqual(
      all(`SELECT owner_id, folder, count(*) AS images FROM images
        WHERE folder IS NOT NULL AND deleted_at IS NULL GROUP BY 1, 2 ORDER BY 1, 2`),
    );
  });
});
