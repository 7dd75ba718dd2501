import sharp from 'sharp';
import { landlordLetter } from './letters.ts';
import { photograph } from './photograph.ts';
import type { Sample } from './sample.ts';
import { createSheet } from './sheet.ts';

async function sixteenBit(): Promise<Buffer> {
  const [width, height] = [240, 160];
  const pixels = Uint16Array.from({ length: width * height * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    return [x / width, y / height, 1 - x / width][index % 3]! * 65_535;
  });
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
}

function poster() {
  const sheet = createSheet({ width: 700, margin: 50, font: 'DejaVu Sans', size: 26, ink: '#ffffff' });
  sheet.draw(
    '<rect width="700" height="460" fill="#a8324a"/><circle cx="590" cy="360" r="70" fill="#f2b134"/>',
  );
  sheet.line('Village Fair', { size: 62, bold: true });
  sheet.space(20);
  sheet.line('Saturday 8 June, from noon');
  sheet.line('Music, cakes and a tombola');
  sheet.line('On the green behind the church');
  return sheet.finish(460);
}

/** Four frames of a dot that goes round. */
async function animatedGif(): Promise<Buffer> {
  const size = 96;
  const dots = [
    [48, 20],
    [76, 48],
    [48, 76],
    [20, 48],
  ].map(
    ([x, y], frame) =>
      `<rect y="${frame * size}" width="${size}" height="${size}" fill="#f4f4f4"/><circle cx="${x}" cy="${y! + frame * size}" r="12" fill="#3f6fb5"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${4 * size}">${dots.join('')}</svg>`;
  const data = await sharp(Buffer.from(svg)).flatten().raw().toBuffer();
  return sharp(data, { raw: { width: size, height: 4 * size, channels: 3, pageHeight: size } })
    .gif({ delay: [120, 120, 120, 120], loop: 0 })
    .toBuffer();
}

async function sidewaysLetter(): Promise<Buffer> {
  const upright = await photograph(landlordLetter(), { seed: 51, angle: 0.3, paper: '#f7f6f1', noise: 4 });
  // Turned to the left, so that orientation 6 (turn right to show) puts it upright again.
  return upright.rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 70 }).toBuffer();
}

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#4a7f5a' } })
    .png()
    .toBuffer();

/** Rare but right: each must be accepted and must not stop a worker. */
export async function oddSamples(): Promise<Sample[]> {
  const fair = poster();
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fair.width}" height="${fair.height}">${fair.svg}</svg>`,
  );
  const odd = { kind: 'odd' as const, text: '', folder: null };
  return [
    { ...odd, file: 'odd-16-bit.png', note: '16 bits per sample, a gradient', bytes: await sixteenBit() },
    {
      ...odd,
      file: 'odd-cmyk.jpg',
      text: fair.text,
      note: 'CMYK, a poster',
      bytes: await sharp(svg).flatten().toColourspace('cmyk').jpeg({ quality: 75 }).toBuffer(),
    },
    {
      ...odd,
      file: 'odd-animated.gif',
      note: 'Four frames; the first one counts',
      bytes: await animatedGif(),
    },
    { ...odd, file: 'odd-1x1.png', note: 'One pixel', bytes: await plain(1, 1) },
    { ...odd, file: 'odd-3x3000.png', note: 'A line of 3 × 3000 pixels', bytes: await plain(3, 3000) },
    {
      ...odd,
      file: 'odd-orientation-6.jpg',
      text: landlordLetter().text,
      folder: 'Letters',
      note: 'A letter stored sideways; EXIF orientation 6 turns it upright',
      bytes: await sidewaysLetter(),
    },
  ];
}
