import { z } from 'zod';
import { folderPath } from './correction.ts';

export const folder = z
  .object({
    path: z.string(),
    description: z.string(),
    commonWords: z.array(z.string()),
    /** Images in it, those of its subfolders not counted. */
    count: z.int(),
    createdBy: z.enum(['auto', 'user']),
  })
  .meta({ id: 'Folder' });
export type Folder = z.output<typeof folder>;
export const folderList = z.object({ items: z.array(folder), nextCursor: z.string().nullable() });

/** Query of PATCH and DELETE /api/folders: which folder; its path has slashes. */
export const folderQuery = z.object({
  path: folderPath.meta({ description: 'The folder, in any case.', example: 'Receipts/2024' }),
});

/** Body of PATCH /api/folders. */
export const folderChange = z
  .strictObject({
    /** Where the folder, with all below it, is to be. */
    newPath: folderPath.optional(),
    /** What belongs into it: the classifiers read it. */
    description: z.string().max(500).optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'name newPath, description or both');

/** Body of POST /api/folders/merge. */
export const folderMerge = z.strictObject({ from: folderPath, into: folderPath });
