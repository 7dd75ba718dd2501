import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { UploadFile } from './client.ts';

const sample = z.object({
  file: z.string(),
  kind: z.string(),
  text: z.string().default(''),
  /** The folder it belongs into, or the beginning of its path. */
  folder: z.string().nullish(),
});
export type Sample = z.output<typeof sample> & { path: string };

const ours = join(import.meta.dirname, '..', 'samples');
/** Real images beside the checkout, where there are any. */
const real = join(import.meta.dirname, '..', '..', '..', 'shared', 'images');

const read = (directory: string): Sample[] =>
  z
    .array(sample)
    .parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')))
    .map((entry) => ({ ...entry, path: join(directory, entry.file) }));

export const ownSamples = () => read(ours);
export const realSamples = () => (existsSync(join(real, 'manifest.json')) ? read(real) : undefined);

export const fileOf = ({ file, path }: Pick<Sample, 'file' | 'path'>): UploadFile => ({
  name: file,
  bytes: new Uint8Array(readFileSync(path)),
});
