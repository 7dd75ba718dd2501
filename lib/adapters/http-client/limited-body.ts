import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { FetchFailedError, ResponseTooLargeError } from './guarded-fetch-errors.ts';

/**
 * The bytes of an answer as they come, decoded by nothing, so that what is counted is what is read.
 * @param signal ends it with its reason
 * @param onEnd called once, however it ends
 */
export function limitBody(
  response: IncomingMessage,
  { maxBytes, signal, onEnd }: { maxBytes: number; signal: AbortSignal; onEnd: () => void },
): Readable {
  let size = 0;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) done(new ResponseTooLargeError(maxBytes));
      else done(null, chunk);
    },
  });
  const cut = () => body.destroy(signal.reason as Error);
  signal.addEventListener('abort', cut);
  body.on('error', () => {}); // one that nobody reads would end the process
  body.on('close', () => {
    signal.removeEventListener('abort', cut);
    response.destroy();
    onEnd();
  });
  response.on('error', (error) => body.destroy(new FetchFailedError(error))).pipe(body);
  if (Number(response.headers['content-length']) > maxBytes)
    body.destroy(new ResponseTooLargeError(maxBytes));
  return body;
}
