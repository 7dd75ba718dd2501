import { recogniseImage } from '@image-organizer/pipeline/intake/recognise-image';
import { bitmap, isoMedia, jpeg, png } from './support/files.ts';

describe('recogniseImage', () => {
  it.each([
    ['image/jpeg', jpeg()],
    ['image/png', png()],
    ['image/gif', Buffer.from('GIF89a........')],
    ['image/webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ')],
    ['image/tiff', Buffer.from('II*\0\x08\0\0\0')],
    ['image/tiff', Buffer.from('MM\0*\0\0\0\x08')],
    ['image/bmp', bitmap()],
  ])('When the first bytes are those of %s, then that is its type', (contentType, head) => {
    expect(recogniseImage(head)).toEqual({ contentType });
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'EMPTY_FILE', /empty/],
    ['HEIC', isoMedia('heic'), 'UNSUPPORTED_IMAGE', /HEIC .* convert it to JPEG or PNG/],
    ['AVIF', isoMedia('avif'), 'UNSUPPORTED_IMAGE', /AVIF .* convert it to JPEG or PNG/],
    ['a video', isoMedia('isom'), 'UNSUPPORTED_IMAGE', /video/],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'UNSUPPORTED_IMAGE', /PDF/],
    ['a zip', Buffer.from('PK\x03\x04....'), 'UNSUPPORTED_IMAGE', /Archives/],
    ['an SVG', Buffer.from('<svg xmlns="…">'), 'UNSUPPORTED_IMAGE', /SVG/],
    [
      'an SVG with a prologue',
      Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- x -->\n<svg>'),
      'UNSUPPORTED_IMAGE',
      /SVG/,
    ],
    ['HTML', Buffer.from('\n<!DOCTYPE html><html>'), 'UNSUPPORTED_IMAGE', /HTML/],
    ['a text', Buffer.from('Grüße'), 'UNSUPPORTED_IMAGE', /text/],
    ['a text cut within a character', Buffer.from('Grüße').subarray(0, 3), 'UNSUPPORTED_IMAGE', /text/],
    ['a text that begins with BM', Buffer.from('BMW is a maker of cars'), 'UNSUPPORTED_IMAGE', /text/],
    ['a RIFF that is no WebP', Buffer.from('RIFF\x10\0\0\0WAVEfmt '), 'UNSUPPORTED_IMAGE', /no image/],
    ['a JPEG signature cut short', Buffer.from([0xff, 0xd8]), 'UNSUPPORTED_IMAGE', /no image/],
  ])('When the file is %s, then it is refused and told why', (_what, head, code, detail) => {
    expect(recogniseImage(head)).toEqual({ refusal: { code, detail: expect.stringMatching(detail) } });
  });
});
