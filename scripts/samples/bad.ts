import { solidPng } from './png.ts';
import { createRandom } from './random.ts';
import type { Sample } from './sample.ts';

const heicHeader = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'),
]);

/** Begins as a JPEG does (SOI, APP0), then nothing makes sense. */
function corruptHeader(): Buffer {
  const random = createRandom(61);
  const garbage = Buffer.from(Array.from({ length: 900 }, () => Math.floor(random() * 256)));
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]), garbage]);
}

/**
 * What people upload by mistake or on purpose. Each must end as a refusal or a `failed` with a clear reason; the two
 * truncated ones may also end as an image, as far as their pixels go.
 * @param jpeg and png whole files, to cut short
 */
export function badSamples({ jpeg, png }: { jpeg: Buffer; png: Buffer }): Sample[] {
  const html = '<!doctype html><html><head><title>404</title></head><body><h1>Not found</h1></body></html>\n';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><script>alert(1)</script><circle cx="40" cy="40" r="30"/></svg>\n';
  const pdf = '%PDF-1.7\n%âãÏÓ\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n';
  const files: [file: string, note: string, bytes: Buffer][] = [
    ['zero-bytes.jpg', 'Empty', Buffer.alloc(0)],
    ['text.jpg', 'Plain text under the name of a JPEG', Buffer.from('These are words, not pixels.\n')],
    ['html.png', 'A web page under the name of a PNG', Buffer.from(html)],
    ['drawing.svg', 'SVG, which may carry scripts, is not taken', Buffer.from(svg)],
    ['document.pdf', 'The beginning of a PDF', Buffer.from(pdf, 'latin1')],
    ['photo.heic', 'The header of a HEIC file', Buffer.concat([heicHeader, Buffer.alloc(200)])],
    ['truncated.jpg', 'The first 40 % of a receipt', jpeg.subarray(0, Math.floor(jpeg.length * 0.4))],
    ['truncated.png', 'The first half of a screenshot', png.subarray(0, Math.floor(png.length / 2))],
    ['corrupt-header.jpg', 'Starts as a JPEG, goes on as noise', corruptHeader()],
    ['decompression-bomb.png', '20000 × 20000 white pixels in few bytes', solidPng(20_000, 20_000)],
  ];
  return files.map(([file, note, bytes]) => ({
    file: `bad/${file}`,
    kind: 'bad',
    text: '',
    folder: null,
    note,
    bytes,
  }));
}
