import { AppError } from '@image-organizer/platform/errors';

export class StorageUnavailableError extends AppError {
  readonly code = 'STORAGE_UNAVAILABLE';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
  constructor(cause: unknown) {
    super('The upload cannot be stored right now: try again, with the same Idempotency-Key.', { cause });
  }
}
