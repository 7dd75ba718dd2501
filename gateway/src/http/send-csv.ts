import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { sendBytes } from './send-asset.ts';

/** Streams a CSV. A client tells one that was cut by the cut connection. */
export async function sendCsv(
  request: Request,
  response: Response,
  filename: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  response.set({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': contentDisposition(filename, { type: 'attachment' }),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  if (request.method === 'HEAD') response.end();
  else await sendBytes(Readable.from(pieces, { objectMode: false }), response);
}
