import sharp, { type Sharp } from 'sharp';
import { createRandom } from './random.ts';
import type { Drawing } from './sheet.ts';

export interface PaperLook {
  seed: number;
  /** Degrees, clockwise. */
  angle: number;
  /** Colour of the paper, and of what it lies on. */
  paper: string;
  table?: [from: string, to: string];
  /** px of the table that show around the paper; 0 for a scan. */
  border?: number;
  /** Amplitude of the sensor's noise, in grey levels of 255. */
  noise?: number;
  /** Teeth at both ends, as a till's cutter leaves them. */
  torn?: boolean;
}

const svgDocument = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);

function outline(width: number, height: number, torn: boolean): string {
  if (!torn) return `M0 0H${width}V${height}H0Z`;
  const teeth = Array.from(
    { length: Math.floor(width / 16) },
    (_, index) => (index + 0.5) * (width / Math.floor(width / 16)),
  );
  const top = teeth.map((x, index) => `L${x.toFixed(1)} ${index % 2 ? 0 : 7}`).join('');
  const bottom = teeth
    .map((x, index) => `L${x.toFixed(1)} ${height - (index % 2 ? 0 : 7)}`)
    .reverse()
    .join('');
  return `M0 0${top}L${width} 0V${height}${bottom}L0 ${height}Z`;
}

/** The drawing on its paper, seen by a camera or a scanner: a little askew, unevenly lit, blurred by a hair, noisy. */
export async function photograph(drawing: Drawing, look: PaperLook): Promise<Sharp> {
  const { paper, table = ['#ffffff', '#ffffff'], border = 0, angle, torn = false } = look;
  const width = drawing.width + 2 * border;
  const height = drawing.height + 2 * border;
  const shape = outline(drawing.width, drawing.height, torn);
  const shadow = border
    ? `<path d="${shape}" transform="translate(5 7)" fill="#000" opacity="0.35" filter="url(#blur)"/>`
    : '';
  const svg = svgDocument(
    width,
    height,
    `<defs>
       <linearGradient id="table" x2="1" y2="0.6"><stop stop-color="${table[0]}"/><stop offset="1" stop-color="${table[1]}"/></linearGradient>
       <linearGradient id="light" x2="0.7" y2="1"><stop stop-color="#fff" stop-opacity="0.25"/><stop offset="0.5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity="0.13"/></linearGradient>
       <filter id="blur" x="-5%" y="-5%" width="110%" height="110%"><feGaussianBlur stdDeviation="7"/></filter>
     </defs>
     <rect width="${width}" height="${height}" fill="${border ? 'url(#table)' : paper}"/>
     <g transform="rotate(${angle} ${width / 2} ${height / 2}) translate(${border} ${border})">
       ${shadow}<path d="${shape}" fill="${paper}"/>${drawing.svg}
     </g>
     <rect width="${width}" height="${height}" fill="url(#light)"/>`,
  );
  return addNoise(sharp(svg).flatten().blur(0.5), look.seed, look.noise ?? 6);
}

/** Adds to every pixel the same amount in red, green and blue, as luminance noise does. @param amplitude grey levels of 255 */
export async function addNoise(picture: Sharp, seed: number, amplitude: number): Promise<Sharp> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const random = createRandom(seed);
  const pixels = new Uint8ClampedArray(data);
  for (let start = 0; start < pixels.length; start += info.channels) {
    const change = (random() + random() - 1) * amplitude;
    for (let channel = 0; channel < info.channels; channel += 1)
      pixels[start + channel] = pixels[start + channel]! + change;
  }
  return sharp(pixels, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

/** The drawing as a computer shows it: no paper, no noise. */
export const screenshot = ({ width, height, svg }: Drawing): Sharp =>
  sharp(svgDocument(width, height, svg)).flatten();
