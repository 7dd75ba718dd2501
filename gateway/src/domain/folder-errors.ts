import { AppError } from '@image-organizer/platform/errors';

export class FolderExistsError extends AppError {
  readonly code = 'FOLDER_EXISTS';
  readonly kind = 'conflict';
  constructor(path: string) {
    super(
      `There is a folder "${path}" already: merge the two (POST /api/folders/merge), or choose another path.`,
    );
  }
}

export class FolderNotEmptyError extends AppError {
  readonly code = 'FOLDER_NOT_EMPTY';
  readonly kind = 'conflict';
  constructor(count: number) {
    super(
      `The folder and those below it hold ${count} image${count === 1 ? '' : 's'}: move or delete them first.`,
    );
  }
}
