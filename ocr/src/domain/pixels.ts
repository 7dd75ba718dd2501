/** Decoded pixels, 8 bits a sample, rows from the top, nothing between them. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  /** 3: sRGB; 1: grey. */
  channels: 1 | 3;
}

export type GreyPixels = Pixels & { channels: 1 };

/** Upside down: half a turn moves the last pixel to the front. */
export const turnedHalf = (grey: GreyPixels): GreyPixels => ({ ...grey, data: grey.data.toReversed() });
