import type { Operation } from '../operation.ts';
import { accountOperations } from './account-operations.ts';
import { assetOperations } from './asset-operations.ts';
import { correctionOperations } from './correction-operations.ts';
import { documentOperations } from './document-operations.ts';
import { exportOperations } from './export-operations.ts';
import { imageOperations } from './image-operations.ts';
import { libraryOperations } from './library-operations.ts';
import { uploadOperations } from './upload-operations.ts';

/** The table of routes: one entry for each that express has, in the order of the document. */
export const operations: Operation[] = [
  ...accountOperations,
  ...uploadOperations,
  ...imageOperations,
  ...assetOperations,
  ...correctionOperations,
  ...libraryOperations,
  ...exportOperations,
  ...documentOperations,
];
