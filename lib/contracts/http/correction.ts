import { z } from 'zod';
import { cleanFolderPath } from '../folder-path.ts';

export const folderPath = z
  .string()
  .min(1)
  .max(500)
  .refine((path) => cleanFolderPath(path) !== '', 'nothing of it can be the name of a folder');

/** Body of PATCH /api/images/{id}: a person's word, never overwritten by a machine. What is not named stays. */
export const imageCorrection = z
  .strictObject({
    /** `/` between segments; made where there is none. */
    folder: folderPath.optional(),
    filename: z.string().min(1).max(255).optional(),
    caption: z.string().max(2_000).optional(),
    tags: z.array(z.string().min(1).max(100)).max(20).optional(),
  })
  .refine(
    (fields) => Object.keys(fields).length > 0,
    'name at least one of folder, filename, caption and tags',
  );
export type ImageCorrection = z.output<typeof imageCorrection>;

/** Body of POST /api/images/move. */
export const moveRequest = z.strictObject({ ids: z.array(z.uuid()).min(1).max(1_000), folder: folderPath });

/** Answer of POST /api/images/move: the folder as it was made of the one asked for. */
export const moveAnswer = z.object({ folder: z.string(), moved: z.int() });
export type MoveAnswer = z.output<typeof moveAnswer>;

/** Answer of POST /api/batches/{id}/undo: how many images are back in the place before, and how many had none. */
export const undoBatchAnswer = z.object({ undone: z.int(), unchanged: z.int() });
export type UndoBatchAnswer = z.output<typeof undoBatchAnswer>;

/** Query of GET /api/trash, answered by a list of images, those deleted last first. */
export const trashQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional(),
});
