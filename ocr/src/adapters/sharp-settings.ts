import sharp from 'sharp';

/**
 * libvips for files of strangers: only the loaders of the formats we take (never SVG, PDF or Magick), no cache, one
 * thread per image (images run side by side instead). These are settings of the whole process; setting them again
 * changes nothing.
 */
export function hardenSharp(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff'].map((format) => `VipsForeignLoad${format}`),
  });
  sharp.cache(false);
  sharp.concurrency(1);
}
