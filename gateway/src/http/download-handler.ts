import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { Clock } from '@image-organizer/platform/clock';
import { AppError } from '@image-organizer/platform/errors';
import type { LinkSigner } from '@image-organizer/platform/signed-link';
import type { Request, RequestHandler, Response } from 'express';
import { findImage, findSharedImage, ImageNotFoundError } from '../domain/find-image.ts';
import { findAsset, type AssetName } from '../domain/image-asset.ts';
import { accountOf } from './authenticate.ts';
import { sendAsset, sendPending } from './send-asset.ts';

export class LinkInvalidError extends AppError {
  readonly code = 'LINK_INVALID';
  readonly kind = 'forbidden';
  constructor() {
    super('This link was changed: use it exactly as it was sent to you.');
  }
}

export class LinkExpiredError extends AppError {
  readonly code = 'LINK_EXPIRED';
  readonly kind = 'forbidden';
  constructor() {
    super('This link has expired: log in to download the file.');
  }
}

export interface DownloadDependencies {
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  linkSigner: LinkSigner;
  authenticated: RequestHandler;
}

/**
 * GET /download?fid=…: an image by its id, or `<id>.text`, `.compressed`, `.small`, `.medium` of it. For the owner, or
 * for who holds a link that was signed for this very fid (`expires`, `signature`), which needs no token.
 */
export function downloadHandlers({
  blobs,
  catalog,
  clock,
  linkSigner,
  authenticated,
}: DownloadDependencies): [mayDownload: RequestHandler, send: RequestHandler] {
  const find = (request: Request, response: Response, id: string) =>
    isSigned(request) ? findSharedImage(catalog, id) : findImage(catalog, accountOf(response).id, id);

  return [
    (request, response, next) => {
      if (!isSigned(request)) return authenticated(request, response, next);
      checkLink(linkSigner, request, clock.now());
      next();
    },
    async (request, response) => {
      const { imageId, name } = parseFid(request.query.fid);
      const image = await find(request, response, imageId);
      const asset = findAsset(blobs, image, name);
      if (!asset) return sendPending(response, image);
      await sendAsset(request, response, image, asset, 'attachment');
    },
  ];
}

const isSigned = ({ query }: Request) => query.signature !== undefined || query.expires !== undefined;

function checkLink(signer: LinkSigner, { query }: Request, now: Date): void {
  const { fid, expires, signature } = query;
  if (typeof fid !== 'string' || typeof expires !== 'string' || typeof signature !== 'string')
    throw new LinkInvalidError();
  const grant = { purpose: 'download', id: fid };
  if (signer.verify(grant, { expires, signature }, now)) return;
  const once = signer.verify(grant, { expires, signature }, new Date(0));
  throw once ? new LinkExpiredError() : new LinkInvalidError();
}

/** @throws ImageNotFoundError */
function parseFid(fid: unknown): { imageId: string; name: AssetName } {
  const match =
    typeof fid === 'string' ? /^([0-9a-f-]{36})(?:\.(text|compressed|small|medium))?$/.exec(fid) : null;
  if (!match) throw new ImageNotFoundError();
  return { imageId: match[1]!, name: (match[2] ?? 'original') as AssetName };
}
