import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import parseRange from 'range-parser';
import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import { AppError } from '@image-organizer/platform/errors';
import type { Asset } from '../domain/image-asset.ts';

class RangeNotSatisfiableError extends AppError {
  readonly code = 'RANGE_NOT_SATISFIABLE';
  readonly kind = 'range-not-satisfiable';
  constructor(size: number) {
    super(`The range begins behind the end: there are ${size} bytes.`);
  }
}

/** Not made yet: the client is told to ask again. */
export function sendPending(response: Response, image: ImageRecord): void {
  response
    .status(202)
    .set({ 'Retry-After': '2', 'Cache-Control': 'no-store' })
    .json({ id: image.id, status: image.status, detail: 'This is not made yet: ask again in a moment.' });
}

/**
 * Answers with the bytes, as RFC 9110 has it: 200, 206 for one range (several: the whole), 304, 416.
 * A client that goes away closes the blob.
 */
export async function sendAsset(
  request: Request,
  response: Response,
  image: ImageRecord,
  asset: Asset,
  as: 'inline' | 'attachment',
): Promise<void> {
  const etag = `"${asset.sha256}"`;
  const cached = {
    ETag: etag,
    'Cache-Control': `private, ${asset.final ? 'max-age=31536000, immutable' : 'no-cache'}`,
  };
  if (isFresh(request, etag)) return void response.status(304).set(cached).end();

  const range = rangeOf(request, asset.size, etag);
  if (range === 'unsatisfiable') {
    response.set('Content-Range', `bytes */${asset.size}`);
    throw new RangeNotSatisfiableError(asset.size);
  }

  // Opened before the first header is set, so that a failure is not cached for a year.
  const bytes = request.method === 'HEAD' ? null : await asset.open(range);
  response.set({ ...cached, ...describe(image, asset, as) });
  if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${asset.size}`);
  response.set('Content-Length', String(range ? range.end - range.start + 1 : asset.size));
  if (bytes) await sendBytes(bytes, response);
  else response.end();
}

/** The bytes are somebody's upload: a browser shows them as what they are, and runs nothing in them. */
const describe = (image: ImageRecord, asset: Asset, as: 'inline' | 'attachment') => ({
  'Content-Type': asset.contentType,
  'Content-Disposition': contentDisposition(asset.filename, { type: as }),
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Accept-Ranges': 'bytes',
  ...(image.caption
    ? { 'X-Image-Caption': encodeURIComponent(image.caption.slice(0, 500).toWellFormed()) }
    : {}),
});

/** If-None-Match compares weakly (RFC 9110 §13.1.2). */
function isFresh(request: Request, etag: string): boolean {
  const tags = request
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(etag) || tags.includes('*'));
}

/** @returns undefined where the whole is to be sent: no range, a malformed one, several, or of another version (If-Range) */
function rangeOf(request: Request, size: number, etag: string) {
  const header = request.get('range');
  if (header === undefined || request.method !== 'GET' || (request.get('if-range') ?? etag) !== etag)
    return undefined;
  const ranges = parseRange(size, header);
  if (ranges === -1) return header.startsWith('bytes=') ? 'unsatisfiable' : undefined;
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/** To the end, or until the client goes away; either closes `bytes`. */
export async function sendBytes(bytes: Readable, response: Response): Promise<void> {
  try {
    await pipeline(bytes, response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // else the client went away
  }
}
