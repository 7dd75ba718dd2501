import { AppError, messageOf } from '@image-organizer/platform/errors';
import type { Request, Response } from 'express';
import multer, { MulterError } from 'multer';
import { Readable } from 'node:stream';
import { createBlobStorageEngine } from '../adapters/blob-storage-engine.ts';
import type { FileReceiver, IncomingFile } from '@image-organizer/pipeline/intake/receive-files';
import { MalformedUploadError, NoFileError, UploadLimitError } from '../domain/upload-errors.ts';

export interface UploadLimits {
  /** Of one file. */
  maxUploadBytes: number;
  maxFilesPerUpload: number;
}

const mostFields = 20;

/**
 * Reads a multipart request to its end: files go to `receiver`, fields are returned. A request of another type has none
 * of either.
 * @throws MalformedUploadError, UploadLimitError, StorageUnavailableError
 */
export async function parseUpload(
  request: Request,
  response: Response,
  receiver: FileReceiver,
  limits: UploadLimits,
): Promise<Record<string, unknown>> {
  const parse = multer({
    storage: createBlobStorageEngine(receiver),
    defParamCharset: 'utf8', // browsers and curl send names as UTF-8 (RFC 7578 §5.1)
    preservePath: true, // multer's own base name of `..` is empty, and a file without a name would be left out
    limits: {
      fileSize: limits.maxUploadBytes,
      files: limits.maxFilesPerUpload,
      fields: mostFields,
      parts: limits.maxFilesPerUpload + mostFields,
      fieldNameSize: 100,
      fieldSize: 4_096,
      headerPairs: 20,
      fieldNestingDepth: 1,
      fieldArrayIndexLimit: mostFields,
    },
  }).any();
  await new Promise<void>((resolve, reject) => {
    void parse(request, response, (error: unknown) =>
      error ? reject(uploadErrorOf(error, limits)) : resolve(),
    );
  });
  return (request.body ?? {}) as Record<string, unknown>;
}

/** Types that people and programs send a CSV as. */
const csvTypes = ['text/*', 'application/csv', 'application/vnd.ms-excel', 'application/octet-stream'];

/**
 * Reads a body that is a CSV to its end; what a form has as fields is in the query.
 * @throws NoFileError, MalformedUploadError, StorageUnavailableError
 */
export async function parseBody(
  request: Request,
  receiver: FileReceiver,
  { maxUploadBytes }: UploadLimits,
): Promise<Record<string, unknown>> {
  if (!request.is(csvTypes)) throw new NoFileError();
  const { filename, ...fields } = request.query;
  const name = typeof filename === 'string' ? filename : 'import.csv';
  try {
    await receiver.receive(name, cutAt(request, maxUploadBytes));
  } catch (error) {
    throw uploadErrorOf(error, { maxUploadBytes, maxFilesPerUpload: 1 });
  }
  return fields;
}

/** As multer passes files on. */
function cutAt(source: Readable, maxBytes: number): IncomingFile {
  const file: IncomingFile = Readable.from(whole(), { objectMode: false });
  async function* whole() {
    let size = 0;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) file.truncated = true;
      else yield chunk;
    }
  }
  return file;
}

function uploadErrorOf(error: unknown, limits: UploadLimits): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof MulterError)) return new MalformedUploadError(messageOf(error), { cause: error });
  switch (error.code as string) {
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_PART_COUNT':
      return new UploadLimitError(
        'TOO_MANY_FILES',
        `One upload has at most ${limits.maxFilesPerUpload} files.`,
      );
    case 'LIMIT_FIELD_COUNT':
      return new UploadLimitError('TOO_MANY_FIELDS', `One upload has at most ${mostFields} fields.`);
    case 'LIMIT_FIELD_KEY':
    case 'LIMIT_FIELD_VALUE':
      return new UploadLimitError(
        'FIELD_TOO_LARGE',
        `The name or value of a field is too long: ${error.field ?? ''}.`,
      );
    default:
      return new MalformedUploadError(error.message, { cause: error });
  }
}
