import { decode } from 'bmp-ts';
import { imageProblem } from '../domain/image-problems.ts';
import type { Pixels } from '../domain/pixels.ts';

export const isBmp = (file: Buffer): boolean => file.toString('latin1', 0, 2) === 'BM';

/** Up to the height: BITMAPFILEHEADER and the start of BITMAPINFOHEADER. */
const headerBytes = 26;

/**
 * BMP, which the prebuilt libvips does not read. Its alpha is ignored: most writers leave it 0.
 * @param check is told the size before anything is decoded, and throws when it is too large
 * @throws when the file ends early or is no BMP
 */
export function decodeBmp(file: Buffer, check: (size: { width: number; height: number }) => void): Pixels {
  if (file.length < headerBytes) throw imageProblem.damaged(new Error('the header is cut off'));
  check({ width: Math.abs(file.readInt32LE(18)), height: Math.abs(file.readInt32LE(22)) });
  const { data, width, height } = decode(file, { toRGBA: true });
  if (width < 1 || height < 1) throw imageProblem.damaged(new Error('it has no pixels'));
  return { data: withoutAlpha(data, width * height), width, height, channels: 3 };
}

function withoutAlpha(rgba: Uint8Array, count: number): Uint8Array {
  const rgb = new Uint8Array(count * 3);
  for (let pixel = 0; pixel < count; pixel++) {
    rgb[pixel * 3] = rgba[pixel * 4]!;
    rgb[pixel * 3 + 1] = rgba[pixel * 4 + 1]!;
    rgb[pixel * 3 + 2] = rgba[pixel * 4 + 2]!;
  }
  return rgb;
}
