import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { AppError } from '@image-organizer/platform/errors';

export class UnreadableCsvError extends AppError {
  readonly code = 'UNREADABLE_CSV';
  readonly kind = 'unsupported';
  constructor(detail: string) {
    super(detail);
  }
}

/** Decodes a file strictly, without its byte order mark. @throws UnreadableCsvError where it is no UTF-8 text */
export async function* csvText(bytes: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    if (isFirst && isUtf16(chunk))
      throw new UnreadableCsvError('The file is UTF-16: save it as CSV in UTF-8.');
    if (chunk.includes(0))
      throw new UnreadableCsvError(
        'The file is no UTF-8 text: it has zero bytes, as binary files have. Save it as CSV in UTF-8.',
      );
    isFirst = false;
    yield decode(decoder, chunk);
  }
  yield decode(decoder);
}

const isUtf16 = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new UnreadableCsvError(
      'The file is no UTF-8 text: save it as CSV in UTF-8 (“CSV UTF-8” in Excel).',
    );
  }
}
