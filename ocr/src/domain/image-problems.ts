import { PermanentError } from '@image-organizer/platform/errors';

/** Why an image can never be read, in words for the person who uploaded it. */
export const imageProblem = {
  empty: () => new PermanentError('DAMAGED_IMAGE', 'The file is empty: upload it again.'),
  damaged: (cause: unknown) =>
    new PermanentError(
      'DAMAGED_IMAGE',
      'The file is damaged and cannot be read: upload it again from its source.',
      { cause },
    ),
  unsupported: () =>
    new PermanentError(
      'UNSUPPORTED_IMAGE',
      'Only JPEG, PNG, WebP, GIF, TIFF and BMP images can be read: convert it to one of these.',
    ),
  heic: () =>
    new PermanentError('UNSUPPORTED_IMAGE', 'HEIC and AVIF are not supported: convert it to JPEG or PNG.'),
  tooManyPixels: (most: number) =>
    new PermanentError(
      'TOO_MANY_PIXELS',
      `The image has more than ${Math.round(most / 1e6)} megapixels: make it smaller.`,
    ),
  tooLong: (most: number) =>
    new PermanentError('TOO_MANY_PIXELS', `The image is more than ${most} pixels long: make it smaller.`),
  tooLarge: (most: number) =>
    new PermanentError(
      'IMAGE_TOO_LARGE',
      `The file is larger than ${Math.round(most / 2 ** 20)} MB: make it smaller.`,
    ),
};
