import type { ReceivedFile } from '@image-organizer/pipeline/intake/receive-files';
import type { Refusal, RefusedFile } from '@image-organizer/pipeline/intake/refusal';
import { AppError, type ErrorKind } from '@image-organizer/platform/errors';

export const refusedOf = (files: ReceivedFile[]): RefusedFile[] =>
  files.flatMap((file) => ('refused' in file ? [file.refused] : []));

const kinds: Record<Refusal['code'], ErrorKind> = {
  UNSUPPORTED_IMAGE: 'unsupported',
  EMPTY_FILE: 'unprocessable',
  FILE_TOO_LARGE: 'too-large',
  CSV_NOT_ALONE: 'unprocessable',
  QUOTA_EXCEEDED: 'unprocessable', // no 5xx, which clients repeat, and no 413, which they split
};

/** Not one file of an upload was taken. Files refused for one reason say so with its code. */
export class NothingAcceptedError extends AppError {
  readonly code: string;
  readonly kind: ErrorKind;
  override readonly fields: { field: string; detail: string }[];
  readonly refused: RefusedFile[];

  constructor(refused: RefusedFile[]) {
    super(refused.length === 1 ? refused[0]!.detail : `None of the ${refused.length} files was accepted.`);
    this.refused = refused;
    const [only, ...others] = new Set(refused.map(({ code }) => code));
    this.code = others.length ? 'NOTHING_ACCEPTED' : only!;
    this.kind = others.length ? 'unprocessable' : kinds[only!];
    this.fields = refused.map(({ filename, detail }) => ({ field: filename, detail }));
  }
}
