import type { BatchRecord } from '@image-organizer/adapters/catalog/records';
import { createLinkSigner } from '@image-organizer/platform/signed-link';
import type { NotificationConfig } from '../config.ts';

export interface Links {
  /** A signed link to the original that needs no login. */
  original(imageId: string): string;
  /** The same for the text. */
  text(imageId: string): string;
  /** Where the whole batch is listed; needs a login. */
  batch(batchId: string): string;
  /** All originals of the batch as a ZIP; needs a login. */
  batchZip(batchId: string): string;
  /** The CSV of an import with links to its images, and what failed of it; both need a login. */
  importOutput(importId: string): string;
  importErrors(importId: string): string;
}

const dayMs = 86_400_000;

/** Counted from the batch's end, so that the links are the same at every try. */
export const linksOf = (
  batch: Pick<BatchRecord, 'completedAt'>,
  {
    publicUrl,
    linkSecret: secret,
    linkDays,
  }: Pick<NotificationConfig, 'publicUrl' | 'linkSecret' | 'linkDays'>,
  now: Date,
): Links => {
  const expires = new Date((batch.completedAt ?? now).getTime() + linkDays * dayMs);
  return createLinks({ publicUrl, secret, expires });
};

/** The signed ones are taken by the gateway's /download (same secret there). */
export function createLinks({
  publicUrl,
  secret,
  expires,
}: {
  publicUrl: string;
  secret: string;
  expires: Date;
}): Links {
  const signer = createLinkSigner(secret);
  const download = (fid: string) => {
    const query = new URLSearchParams({ fid, ...signer.sign({ purpose: 'download', id: fid }, expires) });
    return `${publicUrl}/download?${query.toString()}`;
  };
  return {
    original: (imageId) => download(imageId),
    text: (imageId) => download(`${imageId}.text`),
    batch: (batchId) => `${publicUrl}/api/batches/${batchId}`,
    batchZip: (batchId) => `${publicUrl}/api/batches/${batchId}/export.zip`,
    importOutput: (importId) => `${publicUrl}/api/imports/${importId}/output.csv`,
    importErrors: (importId) => `${publicUrl}/api/imports/${importId}/errors.csv`,
  };
}
