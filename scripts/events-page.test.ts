import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventsPage } from './events-page.ts';

describe('docs/events.md', () => {
  it('When the topology changes, then the page is drawn anew: node scripts/draw-events.ts', async () => {
    expect(await readFile(join(__dirname, '../docs/events.md'), 'utf8')).toBe(eventsPage());
  });
});
