import sharp, { type Color } from 'sharp';
import { encode } from 'bmp-ts';
import { decodeImage } from '../src/adapters/sharp-decode.ts';
import { makeRenditions } from '../src/adapters/sharp-renditions.ts';
import { shrink } from '../src/adapters/sharp-resize.ts';
import { hardenSharp } from '../src/adapters/sharp-settings.ts';
import { pngHeader } from './make-image.ts';

const limits = { maxPixels: 50_000_000, timeoutSeconds: 20 };
const decode = (file: Buffer) => decodeImage(file, limits);
const blank = (width: number, height: number, background: Color = 'red', channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background } });

async function renditionsOf(file: Buffer) {
  const { pixels } = await decode(file);
  return makeRenditions(pixels, await shrink(pixels, 2400));
}

beforeAll(hardenSharp);

describe('decodeImage', () => {
  it('when a file has an EXIF orientation, then its size and pixels are as displayed', async () => {
    const file = await blank(30, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { metadata, pixels } = await decode(file);
    expect(metadata).toMatchObject({ width: 20, height: 30, orientation: 6, format: 'jpeg' });
    expect(pixels).toMatchObject({ width: 20, height: 30, channels: 3 });
  });

  it('when EXIF names time, camera and place, then they are in the metadata', async () => {
    const exif = {
      IFD0: { Make: 'Canon', Model: 'Canon EOS 40D' },
      IFD2: { DateTimeOriginal: '2021:05:06 07:08:09', OffsetTimeOriginal: '+02:00' },
      IFD3: {
        GPSLatitudeRef: 'S',
        GPSLatitude: '33/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '151/1 12/1 36/1',
      },
    };
    const { metadata } = await decode(await blank(9, 9).jpeg().withExif(exif).toBuffer());
    expect(metadata).toMatchObject({
      takenAt: '2021-05-06T07:08:09+02:00',
      camera: 'Canon EOS 40D',
      location: { latitude: -33.5, longitude: 151.21 },
    });
  });

  it('when EXIF is broken, then the image is read without it', async () => {
    const file = await blank(9, 9)
      .jpeg()
      .withExif({ IFD0: { Make: 'X' } })
      .toBuffer();
    const at = file.indexOf('Exif\0\0') + 6;
    file.fill(0xff, at + 4, at + 40);
    expect((await decode(file)).metadata).toMatchObject({
      width: 9,
      takenAt: null,
      camera: null,
      location: null,
    });
  });

  it.each([
    ['CMYK', () => blank(40, 30).toColourspace('cmyk').jpeg().toBuffer()],
    ['16 bits a sample', () => blank(40, 30).toColourspace('rgb16').png().toBuffer()],
    ['GIF', () => blank(40, 30).gif().toBuffer()],
    ['WebP', () => blank(40, 30).webp().toBuffer()],
    ['TIFF', () => blank(40, 30).tiff().toBuffer()],
  ])('when the image is %s, then its pixels are sRGB at 8 bits', async (_, make) => {
    const { pixels } = await decode(await make());
    expect(pixels).toMatchObject({ width: 40, height: 30, channels: 3 });
    expect(pixels.data).toHaveLength(40 * 30 * 3);
    const [red, green, blue] = pixels.data;
    expect(red).toBeGreaterThan(200);
    expect(Math.max(green!, blue!)).toBeLessThan(60);
  });

  it('when the image is grey, then its renditions are made all the same', async () => {
    const made = await renditionsOf(await blank(40, 30, 'white').toColourspace('b-w').png().toBuffer());
    expect(made.compressed).toMatchObject({ width: 40, height: 30 });
  });

  it('when the image is BMP, then its colours are right', async () => {
    const data = Buffer.from([255, 0, 0, 200, 255, 0, 0, 200]); // A B G R
    const { pixels, metadata } = await decode(
      Buffer.from(encode({ data, width: 2, height: 1, bitPP: 24 }).data),
    );
    expect([...pixels.data]).toEqual([200, 0, 0, 200, 0, 0]);
    expect(metadata.format).toBe('bmp');
  });

  it('when the image is transparent, then it stands on white', async () => {
    const { pixels } = await decode(await blank(2, 2, { r: 0, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer());
    expect([...pixels.data]).toEqual(Array(12).fill(255));
  });

  it('when a file is cut off, then what is there is decoded', async () => {
    const noise = sharp({
      create: {
        width: 400,
        height: 400,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 50 },
      },
    });
    const whole = await noise.jpeg().toBuffer();
    const { pixels } = await decode(whole.subarray(0, whole.length / 2));
    expect(pixels).toMatchObject({ width: 400, height: 400 });
  });

  it.each([
    ['empty', Buffer.alloc(0), 'DAMAGED_IMAGE'],
    ['garbage', Buffer.from('this is no image at all'), 'UNSUPPORTED_IMAGE'],
    [
      'a JPEG header without an image',
      Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
      'DAMAGED_IMAGE',
    ],
    ['a cut off BMP', Buffer.from('BM00000000'), 'DAMAGED_IMAGE'],
    [
      'an SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'UNSUPPORTED_IMAGE',
    ],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'UNSUPPORTED_IMAGE'],
    ['a bomb of 20000 × 20000', pngHeader(20_000, 20_000), 'TOO_MANY_PIXELS'],
    ['longer than a JPEG can be', pngHeader(70_000, 2), 'TOO_MANY_PIXELS'],
  ])('when the file is %s, then it is refused for good', async (_, file, code) => {
    await expect(decode(file)).rejects.toMatchObject({ name: 'PermanentError', code });
  });
});

describe('makeRenditions', () => {
  it.each([
    [1600, 1200, [200, 150], [800, 600]],
    [100, 50, [100, 50], [100, 50]],
    [1, 1, [1, 1], [1, 1]],
    [3, 3000, [1, 200], [1, 800]],
  ])(
    'when the image is %i × %i, then each rendition fits its square and nothing is enlarged',
    async (width, height, small, medium) => {
      const made = await renditionsOf(await blank(width, height).png().toBuffer());
      expect([made.small.width, made.small.height]).toEqual(small);
      expect([made.medium.width, made.medium.height]).toEqual(medium);
      const { width: fullWidth, height: fullHeight, format } = await sharp(made.compressed.bytes).metadata();
      expect([fullWidth, fullHeight, format]).toEqual([width, height, 'jpeg']);
    },
  );

  it('when the original carries EXIF, then no rendition does', async () => {
    const made = await renditionsOf(
      await blank(900, 900)
        .jpeg()
        .withExif({ IFD0: { Make: 'Canon' } })
        .toBuffer(),
    );
    for (const { bytes } of Object.values(made)) expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  });
});
