import type { ImageListQuery } from '@image-organizer/adapters/catalog/catalog';
import { cleanFolderPath } from '@image-organizer/contracts/folder-path';
import { imageQuery } from '@image-organizer/contracts/http/image';
import { invalidInput } from './invalid-input.ts';

/** The filters of GET /api/images; empty ones count as not given. @throws InvalidInputError naming every wrong one */
export function readImageQuery(ownerId: string, query: Record<string, unknown>): ImageListQuery {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const parsed = imageQuery.safeParse(given);
  if (!parsed.success) throw invalidInput('The query has wrong parameters', parsed.error);
  const { batch, from, to, folder, ...rest } = parsed.data;
  return {
    ...rest,
    ownerId,
    ...(batch === undefined ? {} : { batchId: batch }),
    ...(folder === undefined ? {} : { folder: cleanFolderPath(folder) }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: endOf(to) }),
  };
}

/** A date alone means the whole of that day, UTC. */
const endOf = (to: string) => new Date(to.includes('T') ? to : `${to}T23:59:59.999Z`);
