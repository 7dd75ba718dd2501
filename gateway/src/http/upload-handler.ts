import type { UploadAnswer } from '@image-organizer/contracts/http/upload';
import { annotateSpan, withSpan } from '@image-organizer/platform/tracing';
import type { Request, RequestHandler, Response } from 'express';
import {
  acceptUpload,
  type AcceptDependencies,
  type AcceptedUpload,
  type UploadOrder,
} from '../domain/accept-upload.ts';
import {
  createFileReceiver,
  type FileReceiver,
  type ReceivedFile,
  type ReceiveOptions,
} from '../domain/receive-files.ts';
import { NothingAcceptedError } from '../domain/refusal.ts';
import { NoFileError } from '../domain/upload-errors.ts';
import type { ReportUpload } from '../report-upload.ts';
import { accountOf } from './authenticate.ts';
import type { Links } from './links.ts';
import { parseUpload, type UploadLimits } from './parse-upload.ts';
import { idempotencyKeyOf, readUploadFields } from './upload-request.ts';

export type UploadDependencies = AcceptDependencies &
  Pick<ReceiveOptions, 'blobs'> & { limits: UploadLimits; links: Links; reportUpload: ReportUpload };

/** POST /upload and POST /api/images. */
export function uploadHandler(dependencies: UploadDependencies): RequestHandler {
  const { limits, links, reportUpload } = dependencies;
  return async (request, response) => {
    const owner = accountOf(response);
    const idempotencyKey = idempotencyKeyOf(request);
    const receiver = createFileReceiver({
      ...dependencies,
      ownerId: owner.id,
      maxBytes: limits.maxUploadBytes,
    });
    let accepted: AcceptedUpload | undefined;
    try {
      accepted = await withSpan('upload', {}, async () => {
        const received = await receive(request, response, receiver, limits);
        annotateSpan({ files: received.files.length });
        return acceptUpload(dependencies, { owner, ...received, idempotencyKey, requestId: request.id });
      });
    } finally {
      await receiver.discardUnused(accepted?.images.map(({ id }) => id));
    }
    reportUpload(accepted, receiver.files, request.id);
    response.status(202).json(answerOf(accepted, receiver.files, links));
  };
}

/** Reads the whole request. @throws NoFileError, NothingAcceptedError, InvalidInputError, and as parseUpload */
async function receive(
  request: Request,
  response: Response,
  receiver: FileReceiver,
  limits: UploadLimits,
): Promise<Pick<UploadOrder, 'files' | 'folder' | 'notify'>> {
  const fields = readUploadFields(await parseUpload(request, response, receiver, limits));
  const { files } = receiver;
  if (files.length === 0) throw new NoFileError();
  const refused = refusedOf(files);
  if (refused.length === files.length) throw new NothingAcceptedError(refused);
  return { files, ...fields };
}

const refusedOf = (files: ReceivedFile[]) =>
  files.flatMap((file) => ('refused' in file ? [file.refused] : []));

const answerOf = (
  { batchId, images }: AcceptedUpload,
  files: ReceivedFile[],
  links: Links,
): UploadAnswer => ({
  batchId,
  images: images.map(({ id, filename, status, duplicateOf }) => ({
    id,
    filename,
    status,
    ...(duplicateOf ? { duplicateOf } : {}),
  })),
  refused: refusedOf(files),
  links: { batch: links.batch(batchId) },
});
