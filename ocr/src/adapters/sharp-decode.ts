import type { ImageMetadata } from '@image-organizer/contracts/http/image';
import { messageOf, PermanentError } from '@image-organizer/platform/errors';
import sharp, { type Metadata, type SharpInput } from 'sharp';
import { exifFacts } from '../domain/exif-facts.ts';
import { imageProblem } from '../domain/image-problems.ts';
import type { Pixels } from '../domain/pixels.ts';
import { decodeBmp, isBmp } from './bmp.ts';

export interface DecodeLimits {
  /** Width × height. */
  maxPixels: number;
  /** Of one decode. */
  timeoutSeconds: number;
}

export interface DecodedImage {
  metadata: ImageMetadata;
  /** At full size, the right way up, on white where it was transparent, sRGB. */
  pixels: Pixels;
}

/** What a JPEG can be at most; the renditions are JPEGs. */
const longestSide = 65_500;

/**
 * Decodes a file once; everything else is made from its pixels. Of an animation the first frame. What is left of a
 * truncated file is a right result. Needs width × height × 3 bytes, twice that where EXIF turns it.
 * @throws PermanentError DAMAGED_IMAGE, UNSUPPORTED_IMAGE, TOO_MANY_PIXELS
 */
export async function decodeImage(file: Buffer, limits: DecodeLimits): Promise<DecodedImage> {
  if (file.length === 0) throw imageProblem.empty();
  try {
    return isBmp(file) ? decodeBmpImage(file, limits) : await decodeWithSharp(file, limits);
  } catch (error) {
    throw explain(error, file, limits);
  }
}

function decodeBmpImage(file: Buffer, limits: DecodeLimits): DecodedImage {
  const pixels = decodeBmp(file, (size) => checkSize(size, limits));
  const { width, height } = pixels;
  return { pixels, metadata: { width, height, format: 'bmp', orientation: null, ...exifFacts(undefined) } };
}

async function decodeWithSharp(
  file: SharpInput,
  { maxPixels, timeoutSeconds }: DecodeLimits,
): Promise<DecodedImage> {
  const image = sharp(file, { failOn: 'none', limitInputPixels: maxPixels, pages: 1 });
  const header = await image.metadata();
  checkSize(header.autoOrient, { maxPixels });
  const { data, info } = await image
    .timeout({ seconds: timeoutSeconds })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = {
    data,
    width: info.width,
    height: info.height,
    channels: info.channels as Pixels['channels'],
  };
  return { pixels, metadata: describe(header) };
}

/** Before anything is decoded: a bomb is refused by its header. */
function checkSize(
  { width, height }: { width: number; height: number },
  { maxPixels }: { maxPixels: number },
): void {
  if (width * height > maxPixels) throw imageProblem.tooManyPixels(maxPixels);
  if (Math.max(width, height) > longestSide) throw imageProblem.tooLong(longestSide);
}

const describe = ({ autoOrient, format, orientation, exif }: Metadata): ImageMetadata => ({
  width: autoOrient.width,
  height: autoOrient.height,
  format,
  orientation: orientation !== undefined && orientation >= 1 && orientation <= 8 ? orientation : null,
  ...exifFacts(exif),
});

/** libvips tells its reasons in words only. Running out of time may be the machine's fault: that is tried again. */
function explain(error: unknown, file: Buffer, { maxPixels }: DecodeLimits): unknown {
  const reason = messageOf(error);
  if (error instanceof PermanentError || reason.includes('timeout')) return error;
  if (reason.includes('pixel limit')) return imageProblem.tooManyPixels(maxPixels);
  if (isIsoMedia(file)) return imageProblem.heic();
  return reason.includes('unsupported image format')
    ? imageProblem.unsupported()
    : imageProblem.damaged(error);
}

/** HEIC and AVIF: an `ftyp` box at the front (ISO/IEC 14496-12 §4.3). */
const isIsoMedia = (file: Buffer) => file.toString('latin1', 4, 8) === 'ftyp';
