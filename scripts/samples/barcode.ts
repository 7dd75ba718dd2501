import { createRandom } from './random.ts';
import type { Sheet } from './sheet.ts';

/** Bars that mean nothing but look like Code 128. */
export function drawBarcode(
  sheet: Sheet,
  { seed, height, from, to }: { seed: number; height: number; from: number; to: number },
) {
  const random = createRandom(seed);
  const top = sheet.y + 14;
  const bars: string[] = [];
  for (let x = from; x < to;) {
    const width = 2 + Math.floor(random() * 3) * 2;
    bars.push(`<rect x="${x}" y="${top}" width="${width}" height="${height}" fill="#1a1a1a"/>`);
    x += width + 2 + Math.floor(random() * 3) * 2;
  }
  sheet.draw(bars.join(''));
  sheet.moveTo(top + height);
}

/** A square of modules with the three corner marks of a QR code; it encodes nothing. */
export function drawMatrixCode(
  sheet: Sheet,
  { seed, x, y, module }: { seed: number; x: number; y: number; module: number },
) {
  const random = createRandom(seed);
  const count = 25;
  const corners = [
    [0, 0],
    [count - 7, 0],
    [0, count - 7],
  ] as const;
  const inCorner = (column: number, row: number) =>
    corners.some(
      ([left, top]) => column >= left - 1 && column <= left + 7 && row >= top - 1 && row <= top + 7,
    );
  const square = (column: number, row: number, size: number, fill: string) =>
    `<rect x="${x + column * module}" y="${y + row * module}" width="${size * module}" height="${size * module}" fill="${fill}"/>`;
  const modules: string[] = [];
  for (let row = 0; row < count; row += 1)
    for (let column = 0; column < count; column += 1)
      if (random() < 0.5 && !inCorner(column, row)) modules.push(square(column, row, 1, '#111'));
  for (const [left, top] of corners)
    modules.push(
      square(left, top, 7, '#111'),
      square(left + 1, top + 1, 5, '#fff'),
      square(left + 2, top + 2, 3, '#111'),
    );
  sheet.draw(modules.join(''));
}
