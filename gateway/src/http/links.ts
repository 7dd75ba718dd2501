import type { Image } from '@image-organizer/contracts/http/image';

/** Where the API has what; the routes are in image-routes.ts and library-routes.ts. */
export interface Links {
  image(imageId: string): Image['links'];
  batch(batchId: string): string;
}

/** @param base scheme and host; empty for paths of the host that was asked */
export const createLinks = (base: string): Links => ({
  image(imageId) {
    const self = `${base}/api/images/${imageId}`;
    return {
      self,
      original: `${self}/original`,
      text: `${self}/text`,
      compressed: `${self}/compressed`,
      thumbnails: { small: `${self}/thumbnails/small`, medium: `${self}/thumbnails/medium` },
      history: `${self}/history`,
    };
  },
  batch: (batchId) => `${base}/api/batches/${batchId}`,
});
