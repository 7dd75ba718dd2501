import { createLinkSigner } from '@image-organizer/platform/signed-link';
import type { MailLinks } from './batch-mail.ts';

/** Links that the gateway's /download takes without a login (same secret there). */
export function createMailLinks({
  publicUrl,
  secret,
  expires,
}: {
  publicUrl: string;
  secret: string;
  expires: Date;
}): MailLinks {
  const signer = createLinkSigner(secret);
  const download = (fid: string) => {
    const query = new URLSearchParams({ fid, ...signer.sign({ purpose: 'download', id: fid }, expires) });
    return `${publicUrl}/download?${query.toString()}`;
  };
  return {
    original: (imageId) => download(imageId),
    text: (imageId) => download(`${imageId}.text`),
    batch: (batchId) => `${publicUrl}/api/batches/${batchId}`,
  };
}
