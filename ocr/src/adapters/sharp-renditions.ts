import type { RenditionName } from '@image-organizer/contracts/vocabulary';
import type { JpegOptions } from 'sharp';
import type { Pixels } from '../domain/pixels.ts';
import type { EncodedRendition } from '../domain/store-renditions.ts';
import { fromPixels, shrink } from './sharp-resize.ts';

/** Longest sides, in pixels. */
const smallSide = 200;
const mediumSide = 800;
const thumbnail: JpegOptions = { quality: 75 };
/** `optimiseCoding: false` halves the time for 5% larger files. */
const compressed: JpegOptions = { quality: 50, optimiseCoding: false };

/**
 * The three renditions, all JPEG, without EXIF (they are made from pixels alone). Each is made from the one above it.
 * @param image at full size
 * @param shrunk the same, already made smaller for another use, at least 800 pixels long where `image` is
 */
export async function makeRenditions(
  image: Pixels,
  shrunk: Pixels,
): Promise<Record<RenditionName, EncodedRendition>> {
  const medium = await shrink(shrunk, mediumSide);
  const small = await shrink(medium, smallSide);
  return {
    small: await encode(small, thumbnail),
    medium: await encode(medium, thumbnail),
    compressed: await encode(image, compressed),
  };
}

async function encode(image: Pixels, options: JpegOptions): Promise<EncodedRendition> {
  const bytes = await fromPixels(image).jpeg(options).toBuffer();
  return { bytes, contentType: 'image/jpeg', width: image.width, height: image.height };
}
