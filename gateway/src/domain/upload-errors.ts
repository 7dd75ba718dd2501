import { AppError, type ErrorKind } from '@image-organizer/platform/errors';

export class NoFileError extends AppError {
  readonly code = 'NO_FILE';
  readonly kind = 'invalid';
  constructor() {
    super('There is no file in the request: send it as multipart/form-data, `-F file=@image.jpg` in curl.');
  }
}

/** The body is no multipart/form-data, or was cut. */
export class MalformedUploadError extends AppError {
  readonly code = 'MALFORMED_UPLOAD';
  readonly kind = 'invalid';
  constructor(reason: string, options?: { cause?: unknown }) {
    super(`The upload cannot be read: ${reason}. Nothing of it was kept.`, options);
  }
}

/** More files, fields or parts than a request may have. */
export class UploadLimitError extends AppError {
  readonly code: string;
  readonly kind: ErrorKind = 'too-large';
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export class IdempotencyKeyReusedError extends AppError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  readonly kind = 'unprocessable';
  constructor() {
    super('This Idempotency-Key was used for other files: a key belongs to one request and its repetitions.');
  }
}
