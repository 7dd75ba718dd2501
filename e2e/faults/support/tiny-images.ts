import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import type { UploadFile } from '../../support/client.ts';

/** A picture that is read in a few milliseconds and is like no other. */
export async function tinyImage(): Promise<UploadFile> {
  const [r, g, b] = randomBytes(3) as unknown as [number, number, number];
  const picture = sharp({ create: { width: 24, height: 8, channels: 3, background: { r, g, b } } });
  const bytes = Buffer.concat([await picture.png().toBuffer(), randomBytes(16)]);
  return { name: `${bytes.toString('hex', bytes.length - 4)}.png`, bytes: new Uint8Array(bytes) };
}

export const tinyImages = (count: number) => Promise.all(Array.from({ length: count }, tinyImage));
