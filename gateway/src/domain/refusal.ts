import { AppError, type ErrorKind } from '@image-organizer/platform/errors';

/** Why one file of an upload was not taken. */
export interface Refusal {
  code: 'UNSUPPORTED_IMAGE' | 'EMPTY_FILE' | 'FILE_TOO_LARGE';
  detail: string;
}

export const tooLarge = (maxBytes: number): Refusal => ({
  code: 'FILE_TOO_LARGE',
  detail: `The file is larger than ${maxBytes} bytes.`,
});

export interface RefusedFile extends Refusal {
  filename: string;
}

const kinds: Record<Refusal['code'], ErrorKind> = {
  UNSUPPORTED_IMAGE: 'unsupported',
  EMPTY_FILE: 'unprocessable',
  FILE_TOO_LARGE: 'too-large',
};

/** Not one file of an upload was taken. Files refused for one reason say so with its code. */
export class NothingAcceptedError extends AppError {
  readonly code: string;
  readonly kind: ErrorKind;
  override readonly fields: { field: string; detail: string }[];

  constructor(refused: RefusedFile[]) {
    super(refused.length === 1 ? refused[0]!.detail : `None of the ${refused.length} files was accepted.`);
    const [only, ...others] = new Set(refused.map(({ code }) => code));
    this.code = others.length ? 'NOTHING_ACCEPTED' : only!;
    this.kind = others.length ? 'unprocessable' : kinds[only!];
    this.fields = refused.map(({ filename, detail }) => ({ field: filename, detail }));
  }
}
