/**
 * `node scripts/make-samples.ts` draws the images of e2e/samples anew, with their manifest.json. Needs the fonts that
 * scripts/README.md names; with them, and the locked version of sharp, the files come out the same, byte for byte.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { badSamples } from './samples/bad.ts';
import { documentSamples, screenshotSamples } from './samples/documents.ts';
import { oddSamples } from './samples/odd.ts';
import { photoSamples } from './samples/photos.ts';
import { receiptSamples } from './samples/receipts.ts';
import type { Sample } from './samples/sample.ts';

const target = join(import.meta.dirname, '../e2e/samples');

async function allSamples(): Promise<Sample[]> {
  const receipts = await receiptSamples();
  const screenshots = await screenshotSamples();
  const original = receipts[0]!;
  const duplicate = { ...original, file: 'copy of receipt.jpg', note: `The very bytes of ${original.file}` };
  const bad = badSamples({ jpeg: receipts[1]!.bytes, png: screenshots[0]!.bytes });
  const documents = await documentSamples();
  return [
    ...receipts,
    ...documents,
    ...screenshots,
    ...(await photoSamples()),
    duplicate,
    ...(await oddSamples()),
    ...bad,
  ];
}

async function write({ file, bytes }: Sample) {
  await mkdir(dirname(join(target, file)), { recursive: true });
  await writeFile(join(target, file), bytes);
}

const samples = await allSamples();
await rm(target, { recursive: true, force: true });
await Promise.all(samples.map(write));
const manifest = samples.map(({ bytes: _bytes, ...entry }) => entry);
await writeFile(join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
const total = samples.reduce((sum, { bytes }) => sum + bytes.length, 0);
console.log(`${samples.length} samples, ${Math.round(total / 1000)} kB, in ${target}`);
