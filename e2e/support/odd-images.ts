import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { UploadFile } from './client.ts';

const file = (name: string, bytes: Uint8Array): UploadFile => ({ name, bytes: new Uint8Array(bytes) });

/** Images that are unusual, damaged or hostile, made anew. */
export async function oddImages() {
  const background = { r: 90, g: 120, b: 200 };
  const canvas = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background } });
  const noise = (width: number, height: number) =>
    sharp({
      create: { width, height, channels: 3, background, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
    });
  const png = await canvas(120, 90).png().toBuffer();
  const jpeg = await noise(400, 300).jpeg().toBuffer();
  return {
    good: (name: string) => file(name, png),
    solid: async (name: string, width: number, height: number) =>
      file(name, await canvas(width, height).png().toBuffer()),
    /** A good PNG with rubbish behind its end, `size` bytes in all. */
    padded: (name: string, size: number) =>
      file(name, Buffer.concat([png, Buffer.alloc(Math.max(0, size - png.length), 7)])),
    hugePng: () => file('huge.png', solidPng(20_000, 20_000)),
    corruptHeader: () => file('corrupt.jpg', Buffer.concat([jpeg.subarray(0, 3), Buffer.alloc(1_000, 0x5a)])),
    headerOnly: () => file('header.png', png.subarray(0, 40)),
    truncatedJpeg: async () => file('truncated.jpg', jpeg.subarray(0, Math.floor(jpeg.length / 2))),
    cmykJpeg: async () => file('cmyk.jpg', await noise(200, 150).toColourspace('cmyk').jpeg().toBuffer()),
    animatedGif: async () => {
      const frames = Buffer.alloc(40 * 120 * 3, 60).fill(200, 40 * 40 * 3, 40 * 80 * 3);
      const raw = { width: 40, height: 120, channels: 3, pageHeight: 40 } as const;
      return file(
        'animated.gif',
        await sharp(frames, { raw })
          .gif({ delay: [100, 100, 100] })
          .toBuffer(),
      );
    },
    sixteenBitPng: async () => {
      const pixels = Uint16Array.from({ length: 64 * 48 * 3 }, (_, n) => (n * 977) % 65_536);
      const raw = { width: 64, height: 48, channels: 3 } as const;
      return file('sixteen.png', await sharp(pixels, { raw }).toColourspace('rgb16').png().toBuffer());
    },
  };
}

/** A valid one-colour greyscale PNG of a few hundred kilobytes at most, however large its side: a bomb for whoever decodes it. */
function solidPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8); // one bit per pixel, greyscale
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
