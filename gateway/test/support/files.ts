import { randomBytes } from 'node:crypto';

/** The beginnings of files; nothing in the gateway looks further than the signature. */
export const signatures = {
  jpeg: [0xff, 0xd8, 0xff, 0xe0],
  png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

/** Bytes that the gateway takes for a JPEG, different at every call. */
export const jpeg = (size = 2_000): Buffer<ArrayBuffer> =>
  Buffer.concat([Buffer.from(signatures.jpeg), randomBytes(Math.max(0, size - signatures.jpeg.length))]);

export const png = (size = 2_000): Buffer<ArrayBuffer> =>
  Buffer.concat([Buffer.from(signatures.png), randomBytes(size - signatures.png.length)]);

/** An ISO base media file of a brand: `heic`, `avif`. */
export const isoMedia = (brand: string) =>
  Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1${brand}`, 'latin1');

export const bitmap = () => {
  const bytes = Buffer.alloc(70);
  bytes.write('BM');
  bytes.writeUInt32LE(40, 14);
  return bytes;
};
