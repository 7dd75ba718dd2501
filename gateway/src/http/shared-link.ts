import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { Clock } from '@image-organizer/platform/clock';
import type { LinkSigner } from '@image-organizer/platform/signed-link';
import type { Request } from 'express';

const dayMs = 24 * 3_600_000;

/**
 * Links to compressed images that need no token: where the image is published, or else signed for /download.
 * @param options.publicUrl scheme and host; empty for those of the host that was asked: such links leave it in a file
 */
export const createSharedLink =
  ({
    clock,
    linkSigner,
    linkDays,
    publicUrl,
    publicImageUrl,
  }: {
    clock: Clock;
    linkSigner: LinkSigner;
    linkDays: number;
    publicUrl: string;
    publicImageUrl: (imageId: string) => string | null;
  }) =>
  ({ id, renditions }: ImageRecord, request: Request): string => {
    const published = renditions ? publicImageUrl(id) : null;
    if (published !== null) return published;
    const base = publicUrl || `${request.protocol}://${request.host}`;
    const fid = `${id}.compressed`;
    const expires = new Date(clock.now().getTime() + linkDays * dayMs);
    const signed = linkSigner.sign({ purpose: 'download', id: fid }, expires);
    return `${base}/download?${new URLSearchParams({ fid, ...signed }).toString()}`;
  };
