import { z } from 'zod';

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
