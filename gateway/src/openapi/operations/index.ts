import type { Operation } from '../operation.ts';
import { accountOperations } from './account-operations.ts';
import { adminOperations } from './admin-operations.ts';
import { adminUserOperations } from './admin-user-operations.ts';
import { apiTokenOperations } from './api-token-operations.ts';
import { assetOperations } from './asset-operations.ts';
import { correctionOperations } from './correction-operations.ts';
import { documentOperations } from './document-operations.ts';
import { eventOperations } from './event-operations.ts';
import { exportOperations } from './export-operations.ts';
import { folderOperations } from './folder-operations.ts';
import { imageOperations } from './image-operations.ts';
import { importOperations } from './import-operations.ts';
import { libraryOperations } from './library-operations.ts';
import { reprocessOperations } from './reprocess-operations.ts';
import { reviewOperations } from './review-operations.ts';
import { uploadOperations } from './upload-operations.ts';
import { webhookOperations } from './webhook-operations.ts';

/** The table of routes: one entry for each that express has, in the order of the document. */
export const operations: Operation[] = [
  ...accountOperations,
  ...apiTokenOperations,
  ...adminUserOperations,
  ...uploadOperations,
  ...imageOperations,
  ...assetOperations,
  ...correctionOperations,
  ...reviewOperations,
  ...reprocessOperations,
  ...libraryOperations,
  ...folderOperations,
  ...exportOperations,
  ...importOperations,
  ...eventOperations,
  ...webhookOperations,
  ...adminOperations,
  ...documentOperations,
];
