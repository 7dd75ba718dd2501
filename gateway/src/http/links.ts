import type { Image } from '@image-organizer/contracts/http/image';
import type { ImportSummary } from '@image-organizer/contracts/http/import';

/** Where the API has what; the routes are in image-routes.ts and library-routes.ts. */
export interface Links {
  image(imageId: string): Image['links'];
  batch(batchId: string): string;
  import(importId: string): ImportSummary['links'];
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
  import(importId) {
    const self = `${base}/api/imports/${importId}`;
    return {
      self,
      rows: `${self}/rows`,
      output: `${self}/output.csv`,
      errors: `${self}/errors.csv`,
      batch: `${base}/api/batches/${importId}`,
    };
  },
});
