import sharp, { type Sharp } from 'sharp';
import type { GreyPixels, Pixels } from '../domain/pixels.ts';

/** Our own pixels have passed the limits already. */
export const fromPixels = ({ data, width, height, channels }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false });

/** Shrunk until both sides are at most `longestSide` pixels; smaller images stay as they are. */
export async function shrink(image: Pixels, longestSide: number): Promise<Pixels> {
  if (Math.max(image.width, image.height) <= longestSide) return image;
  return toPixels(fromPixels(image).resize(longestSide, longestSide, { fit: 'inside' }));
}

/** Grey. Resize before: libvips resizes grey more slowly than RGB. */
export const toGrey = async (image: Pixels): Promise<GreyPixels> =>
  (await toPixels(fromPixels(image).toColourspace('b-w'))) as GreyPixels;

/** @param factor more than 1 */
export const enlarge = async (image: GreyPixels, factor: number): Promise<GreyPixels> =>
  (await toPixels(
    fromPixels(image)
      .resize({ width: Math.round(image.width * factor), kernel: 'cubic' })
      .toColourspace('b-w'),
  )) as GreyPixels;

async function toPixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
}
