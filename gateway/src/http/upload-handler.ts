import type { UploadAnswer } from '@image-organizer/contracts/http/upload';
import {
  createFileReceiver,
  type FileReceiver,
  type ReceivedFile,
  type ReceiveOptions,
  type StoredFile,
} from '@image-organizer/pipeline/intake/receive-files';
import { recogniseImage } from '@image-organizer/pipeline/intake/recognise-image';
import { annotateSpan, withSpan } from '@image-organizer/platform/tracing';
import type { Request, RequestHandler, Response } from 'express';
import { acceptUpload, type AcceptDependencies, type AcceptedUpload } from '../domain/accept-upload.ts';
import { isCsv, recogniseCsv, recogniseUpload } from '../domain/recognise-upload.ts';
import { NothingAcceptedError, refusedOf } from '../domain/refusal.ts';
import { startImport, type ImportDependencies } from '../domain/start-import.ts';
import { NoFileError } from '../domain/upload-errors.ts';
import type { ReportUpload } from '../report-upload.ts';
import { accountOf } from './authenticate.ts';
import { importView } from './import-view.ts';
import type { Links } from './links.ts';
import { parseBody, parseUpload, type UploadLimits } from './parse-upload.ts';
import { idempotencyKeyOf, readUploadFields, type UploadFields } from './upload-request.ts';

export type UploadDependencies = AcceptDependencies &
  ImportDependencies & { limits: UploadLimits; links: Links; reportUpload: ReportUpload };

/** What the request has come to. */
interface Outcome {
  /** Stored files that are images now; the others are deleted. */
  imageIds: string[];
  answer: (response: Response) => void;
}

/** POST /api/images. */
export const imageHandler = (dependencies: UploadDependencies): RequestHandler =>
  handler(dependencies, recogniseImage, parseUpload);

/** POST /upload: images, or one CSV to import, which is told by its content. */
export const uploadHandler = (dependencies: UploadDependencies): RequestHandler =>
  handler(dependencies, recogniseUpload, parseUpload);

/** POST /api/imports and POST /upload-csv: one CSV, as a file of a form or as the body. */
export const importHandler = (dependencies: UploadDependencies): RequestHandler =>
  handler(dependencies, recogniseCsv, (request, response, receiver, limits) =>
    request.is('multipart/form-data')
      ? parseUpload(request, response, receiver, limits)
      : parseBody(request, receiver, limits),
  );

function handler(
  dependencies: UploadDependencies,
  recognise: ReceiveOptions['recognise'],
  parse: typeof parseUpload,
): RequestHandler {
  return async (request, response) => {
    const receiver = createFileReceiver({
      ...dependencies,
      recognise,
      ownerId: accountOf(response).id,
      maxBytes: dependencies.limits.maxUploadBytes,
    });
    let outcome: Outcome | undefined;
    try {
      outcome = await withSpan('upload', {}, async () => {
        const fields = readUploadFields(await parse(request, response, receiver, dependencies.limits));
        return take(dependencies, receiver, fields, { request, response });
      });
    } finally {
      await receiver.discardUnused(outcome?.imageIds);
    }
    outcome.answer(response);
  };
}

/** @throws NoFileError, NothingAcceptedError, and as acceptUpload and startImport */
async function take(
  dependencies: UploadDependencies,
  { files }: FileReceiver,
  fields: UploadFields,
  { request, response }: { request: Request; response: Response },
): Promise<Outcome> {
  annotateSpan({ files: files.length });
  if (files.length === 0) throw new NoFileError();
  const order = {
    ...fields,
    ...{ owner: accountOf(response), idempotencyKey: idempotencyKeyOf(request), requestId: request.id },
  };
  const [file] = files;
  if (files.length === 1 && isCsv(file!)) return takeCsv(dependencies, { ...order, csv: file.stored });

  const taken = withoutCsvs(files);
  const refused = refusedOf(taken);
  if (refused.length === taken.length) throw new NothingAcceptedError(refused);
  const accepted = await acceptUpload(dependencies, { ...order, files: taken });
  dependencies.reportUpload(accepted, request.id);
  return {
    imageIds: accepted.images.map(({ id }) => id),
    answer: (to) => to.status(202).json(answerOf(accepted, dependencies.links)),
  };
}

async function takeCsv(
  dependencies: UploadDependencies,
  order: Parameters<typeof startImport>[1],
): Promise<Outcome> {
  const { catalog, links, log } = dependencies;
  const record = await startImport(dependencies, order);
  const { id: importId, rows } = record;
  log.info({ requestId: order.requestId, importId, rows: rows.total }, 'import accepted');
  const view = await importView(catalog, record, links);
  return {
    imageIds: [],
    answer: (response) => response.status(202).location(view.links.self).json(view),
  };
}

const withoutCsvs = (files: ReceivedFile[]): ReceivedFile[] =>
  files.map((file) => (isCsv(file) ? { refused: notAlone(file.stored) } : file));

const notAlone = ({ filename }: StoredFile) => ({
  ...{ filename, code: 'CSV_NOT_ALONE' as const },
  detail: 'This is a CSV to import: send it alone, as the only file of a request.',
});

const answerOf = ({ batchId, images, files }: AcceptedUpload, links: Links): UploadAnswer => ({
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
