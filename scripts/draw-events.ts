/** `node scripts/draw-events.ts` writes docs/events.md from the topology of the bus. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventsPage } from './events-page.ts';

const target = join(import.meta.dirname, '../docs/events.md');
await writeFile(target, eventsPage());
console.log(`wrote ${target}`);
