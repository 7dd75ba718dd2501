import sharp, { type Exif } from 'sharp';
import { addNoise } from './photograph.ts';
import { createRandom } from './random.ts';
import type { Sample } from './sample.ts';

const width = 1500;
const height = 1000;

/** The outline of hills by midpoint displacement: `rough` is the height of the first displacement in px. */
function ridge(seed: number, { base, rough, fill }: { base: number; rough: number; fill: string }): string {
  const random = createRandom(seed);
  let heights = [base + (random() - 0.5) * rough, base + (random() - 0.5) * rough];
  for (let step = rough; heights.length < 257; step *= 0.52)
    heights = heights.flatMap((left, index) => {
      const right = heights[index + 1];
      return right === undefined ? [left] : [left, (left + right) / 2 + (random() - 0.5) * step];
    });
  const points = heights.map((y, index) => `${((index / 256) * width).toFixed(1)} ${y.toFixed(1)}`);
  return `<path d="M0 ${height}L${points.join('L')}L${width} ${height}Z" fill="${fill}"/>`;
}

const gradient = (id: string, ...stops: string[]) =>
  `<linearGradient id="${id}" x2="0" y2="1">${stops
    .map((colour, index) => `<stop offset="${index / (stops.length - 1)}" stop-color="${colour}"/>`)
    .join('')}</linearGradient>`;

/** Clouds, waves or sand: Perlin noise turned into the opacity of one colour. */
const texture = (
  id: string,
  seed: number,
  { frequency, rgb, strength }: { frequency: string; rgb: string; strength: string },
) =>
  `<filter id="${id}" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="${seed}"/>
   <feColorMatrix values="0 0 0 0 ${rgb.split(' ')[0]}  0 0 0 0 ${rgb.split(' ')[1]}  0 0 0 0 ${rgb.split(' ')[2]}  ${strength}"/></filter>`;

const area = (y: number, tall: number, attributes: string) =>
  `<rect y="${y}" width="${width}" height="${tall}" ${attributes}/>`;

const lake = `<defs>${gradient('sky', '#3d6ea8', '#9cc0dd', '#f0d9bd')}${gradient('water', '#7ea3b8', '#28506b')}
  ${texture('clouds', 7, { frequency: '0.003 0.009', rgb: '1 1 1', strength: '0 1.9 0 0 -0.75' })}
  ${texture('waves', 8, { frequency: '0.004 0.09', rgb: '0.9 0.95 1', strength: '0 1.6 0 0 -0.68' })}</defs>
  ${area(0, 620, 'fill="url(#sky)"')}${area(0, 480, 'filter="url(#clouds)"')}
  ${ridge(5, { base: 390, rough: 320, fill: '#8fa3bd' })}${ridge(61, { base: 480, rough: 230, fill: '#5f7590' })}${ridge(17, { base: 570, rough: 120, fill: '#32463f' })}
  ${area(640, 360, 'fill="url(#water)"')}${area(640, 360, 'filter="url(#waves)"')}${ridge(23, { base: 930, rough: 60, fill: '#2c3527' })}`;

const beach = `<defs>${gradient('sky', '#274a86', '#d0836a', '#ffd28a')}${gradient('sea', '#d99a76', '#23456e')}${gradient('sand', '#c79f6d', '#8d6b47')}
  <radialGradient id="sun"><stop stop-color="#fffbe0"/><stop offset="0.3" stop-color="#ffe19a"/><stop offset="1" stop-color="#ffd28a" stop-opacity="0"/></radialGradient>
  ${texture('clouds', 3, { frequency: '0.002 0.014', rgb: '0.95 0.72 0.62', strength: '0 2 0 0 -0.85' })}
  ${texture('waves', 12, { frequency: '0.006 0.12', rgb: '1 0.9 0.75', strength: '0 2.2 0 0 -0.95' })}
  ${texture('grains', 9, { frequency: '0.04 0.2', rgb: '0.25 0.16 0.08', strength: '0 1.2 0 0 -0.45' })}</defs>
  ${area(0, 560, 'fill="url(#sky)"')}${area(0, 520, 'filter="url(#clouds)"')}<circle cx="980" cy="500" r="230" fill="url(#sun)"/>
  ${area(555, 300, 'fill="url(#sea)"')}${area(555, 300, 'filter="url(#waves)"')}
  <path d="M0 610c90-30 130-150 250-140s90 80 170 140z" fill="#4a3328"/>
  <path d="M0 800c300 60 600-30 900 10s450 0 600-30v220H0z" fill="#f3e6d2"/><path d="M0 818c300 60 600-30 900 10s450 0 600-30v202H0z" fill="url(#sand)"/>
  <g clip-path="inset(0)">${area(840, 160, 'filter="url(#grains)"')}</g>`;

const dunes = `<defs>${gradient('sky', '#4d8fd1', '#cfe3f2')}${gradient('near', '#dd9a52', '#9a5426')}${gradient('far', '#e9bd83', '#c98a4c')}
  ${texture('ripples', 31, { frequency: '0.012 0.11', rgb: '0.36 0.17 0.05', strength: '0 1.5 0 0 -0.66' })}</defs>
  ${area(0, 600, 'fill="url(#sky)"')}<path d="M0 560c200-150 360-170 560-60s380 80 940-110v610H0z" fill="url(#far)"/>
  <path d="M0 700c260-20 380-260 620-250 60 90 20 190 160 270 200-60 420-170 720-120v400H0z" fill="url(#near)"/>
  <path d="M620 450c60 90 20 190 160 270-120 90-420 160-780 190V700c260-20 380-260 620-250z" fill="#7c421f" opacity="0.55"/>
  ${area(600, 400, 'filter="url(#ripples)"')}<g fill="#3a2415"><ellipse cx="905" cy="668" rx="11" ry="5"/><ellipse cx="950" cy="655" rx="11" ry="5"/><ellipse cx="993" cy="644" rx="11" ry="5"/></g>`;

/** Degrees, minutes and hundredths of seconds as EXIF's rationals; the sign is said by the reference letter. */
function rational(degrees: number): string {
  const seconds = Math.round(Math.abs(degrees) * 360_000);
  return `${Math.floor(seconds / 360_000)}/1 ${Math.floor(seconds / 6000) % 60}/1 ${seconds % 6000}/100`;
}

const scenes = [
  {
    file: 'photo-lake.jpg',
    body: lake,
    seed: 41,
    taken: '2021:02:14 18:22:07',
    make: 'Canon',
    model: 'EOS 80D',
    latitude: -44.0046,
    longitude: 170.4771,
    note: 'Mountain lake; EXIF says New Zealand, south and east',
  },
  {
    file: 'photo-beach.jpg',
    body: beach,
    seed: 42,
    taken: '2022:09:03 19:51:40',
    make: 'FUJIFILM',
    model: 'X-T30',
    latitude: 37.0866,
    longitude: -8.6689,
    note: 'Beach at sunset; EXIF says Portugal, north and west',
  },
  {
    file: 'photo-dunes.jpg',
    body: dunes,
    seed: 43,
    taken: '2019:11:27 10:05:33',
    make: 'Apple',
    model: 'iPhone 11',
    latitude: 31.0801,
    longitude: -4.0133,
    note: 'Dunes; EXIF says Morocco',
  },
];
type Scene = (typeof scenes)[number];

/** sharp numbers EXIF's directories by IFD: 0 the image, 2 the Exif directory, 3 GPS. */
const exif = ({ make, model, taken, latitude, longitude }: Scene): Exif => ({
  IFD0: { Make: make, Model: model, DateTime: taken },
  IFD2: { DateTimeOriginal: taken },
  IFD3: {
    GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
    GPSLatitude: rational(latitude),
    GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
    GPSLongitude: rational(longitude),
  },
});

async function takePhoto(scene: Scene): Promise<Sample> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${scene.body}</svg>`;
  const picture = await addNoise(sharp(Buffer.from(svg)).flatten().blur(0.8), scene.seed, 9);
  const bytes = await picture.withExif(exif(scene)).jpeg({ quality: 70 }).toBuffer();
  return { file: scene.file, kind: 'photo', text: '', folder: 'Photos', note: scene.note, bytes };
}

/** Landscapes without a word on them. */
export const photoSamples = (): Promise<Sample[]> => Promise.all(scenes.map(takePhoto));
