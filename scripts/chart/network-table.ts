import { text } from 'node:stream/consumers';
import { networkTable } from './network-rules.ts';

// Reads JSON objects, one after the other or as a List, as `kubectl … -o json` writes them.
const objects = (await text(process.stdin))
  .split(/^(?=\{)/m)
  .filter((part) => part.trim())
  .map((part) => JSON.parse(part) as object);
process.stdout.write(networkTable(objects));
