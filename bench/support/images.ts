import { randomBytes } from 'node:crypto';
import type { UploadFile } from '../../e2e/support/client.ts';
import { fileOf, ownSamples, realSamples } from '../../e2e/support/samples.ts';

/** Real images where there are any beside the checkout, else our own. */
export const samples = (realSamples() ?? ownSamples()).filter(({ kind }) => kind !== 'bad').map(fileOf);

/** The same picture with other bytes behind its end, so that it is no duplicate and is read. */
export const unique = ({ name, bytes }: UploadFile): UploadFile => ({
  name,
  bytes: new Uint8Array(Buffer.concat([bytes, randomBytes(16)])),
});

/** So many images, the samples in turn. */
export const takeFiles = (count: number): UploadFile[] =>
  Array.from({ length: count }, (_, n) => unique(samples[n % samples.length]!));
