import type { Refusal } from './refusal.ts';

/** How many bytes from the start of a file `recogniseImage` wants to see; fewer only where the file is shorter. */
export const signatureBytes = 512;

export type Recognised = { contentType: string } | { refusal: Refusal };

/**
 * Tells by its first bytes what a file is; neither its name nor what the client says of it counts.
 * Signatures: RFC 2083 (PNG), ITU-T T.81 (JPEG), GIF89a, TIFF 6.0, RFC 9649 (WebP), ISO/IEC 14496-12 (HEIC, AVIF).
 */
export function recogniseImage(head: Buffer): Recognised {
  if (head.length === 0) return { refusal: { code: 'EMPTY_FILE', detail: 'The file is empty.' } };
  const accepted = formats.find(({ matches }) => matches(head));
  if (accepted) return { contentType: accepted.contentType };
  const known = refusedFormats.find(({ matches }) => matches(head));
  return {
    refusal: {
      code: 'UNSUPPORTED_IMAGE',
      detail: known?.detail ?? `This is no image that is known here. ${take}`,
    },
  };
}

const take = 'JPEG, PNG, WebP, GIF, TIFF and BMP are taken.';

type Matches = (head: Buffer) => boolean;

const bytesAt =
  (offset: number, ...expected: (string | number[])[]): Matches =>
  (head) =>
    expected.some((bytes) => {
      const wanted = Buffer.from(bytes as string, 'latin1');
      return head.subarray(offset, offset + wanted.length).equals(wanted);
    });

/** The size of the second header, for every version of it: `BM` alone also begins texts. */
const bitmapHeaderSizes = [12, 16, 40, 52, 56, 64, 108, 124];
const isBitmap: Matches = (head) =>
  bytesAt(0, 'BM')(head) && head.length >= 18 && bitmapHeaderSizes.includes(head.readUInt32LE(14));

const formats: { contentType: string; matches: Matches }[] = [
  { contentType: 'image/jpeg', matches: bytesAt(0, [0xff, 0xd8, 0xff]) },
  { contentType: 'image/png', matches: bytesAt(0, '\x89PNG\r\n\x1a\n') },
  { contentType: 'image/gif', matches: bytesAt(0, 'GIF87a', 'GIF89a') },
  { contentType: 'image/webp', matches: (head) => bytesAt(0, 'RIFF')(head) && bytesAt(8, 'WEBP')(head) },
  { contentType: 'image/tiff', matches: bytesAt(0, 'II*\0', 'MM\0*') },
  { contentType: 'image/bmp', matches: isBitmap },
];

const isMarkup =
  (tags: RegExp): Matches =>
  (head) =>
    tags.test(head.toString('latin1').replace(/^\xef\xbb\xbf/, ''));

const isText: Matches = (head) => {
  if (head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }); // the last character may be cut
    return true;
  } catch {
    return false;
  }
};

/** Recognised in order to say clearly what to do. The first that matches counts. */
const refusedFormats: { matches: Matches; detail: string }[] = [
  {
    matches: bytesAt(4, 'ftypavif', 'ftypavis'),
    detail: 'AVIF is not supported: convert it to JPEG or PNG.',
  },
  {
    matches: bytesAt(
      4,
      'ftypheic',
      'ftypheix',
      'ftyphevc',
      'ftyphevx',
      'ftypheim',
      'ftypheis',
      'ftypmif1',
      'ftypmsf1',
    ),
    detail: 'HEIC is not supported: convert it to JPEG or PNG.',
  },
  { matches: bytesAt(4, 'ftyp'), detail: `This is a video. ${take}` },
  { matches: bytesAt(0, '%PDF-'), detail: 'PDF is not supported: send its pages as images.' },
  {
    matches: bytesAt(0, 'PK\x03\x04', 'PK\x05\x06'),
    detail: 'Archives are not supported: send the images in it.',
  },
  {
    matches: isMarkup(/^\s*(<\?xml[^>]*>|<!--[^]*?-->|<!doctype svg[^>]*>|\s)*<svg[\s>]/i),
    detail: 'SVG is not supported: convert it to PNG.',
  },
  {
    matches: isMarkup(/^\s*(<!--[^]*?-->\s*)*<(!doctype html|html|head|body|script)/i),
    detail: `This is an HTML page. ${take}`,
  },
  { matches: isText, detail: `This is a text. ${take}` },
];
