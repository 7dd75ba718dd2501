import type { Filter } from 'mongodb';
import type { Tally } from '../stats-summary.ts';
import type { ImageDocument } from './documents.ts';
import { someDate } from './migrations.ts';
import type { Collections } from './store.ts';
import { dayOf, type UploadDays } from './upload-days.ts';

/** What is counted, as paths into the document of tallies and how much stands there. */
export type Counts = ReadonlyMap<string, number>;

type Group = Omit<Tally, 'status' | 'stage'>;

/** `_id` is the owner's. */
export interface TallyDocument {
  _id: string;
  rev: number;
  /** Ids of the last additions: see `addCounts`. */
  writes: string[];
  /** By status and stage (`organized none`); status `trashed` for what is in the trash. What is missing is 0. */
  groups?: Record<string, Partial<Group>>;
  /** Living images by folder, those of folders below not counted; its name by `folderKey`. */
  folders?: Record<string, number>;
  days?: UploadDays;
  /** When the sweeper counts anew. */
  recountAt: Date;
}

type Counted = Pick<
  ImageDocument,
  'deletedAt' | 'status' | 'stage' | 'size' | 'uploadedAt' | 'placement' | 'decision'
>;

export const countedFields = {
  ownerId: 1,
  deletedAt: 1,
  status: 1,
  stage: 1,
  size: 1,
  uploadedAt: 1,
  placement: 1,
  decision: 1,
};

/** A folder's path as the name of a field, which has neither dots nor dollars. */
export const folderKey = (path: string): string => encodeURIComponent(path).replaceAll('.', '%2E');

const nanoUsd = (usd: number): number => Math.round(usd * 1e9);

/** What one image counts; nothing where there is none. */
function countsOf(image: Counted | undefined): Counts {
  if (!image) return new Map();
  const { deletedAt, status, stage, size, uploadedAt, placement, decision } = image;
  const usage = decision?.usage;
  const group: Group = {
    images: 1,
    bytes: size,
    calls: usage?.calls ?? 0,
    promptTokens: usage?.promptTokens ?? 0,
    completionTokens: usage?.completionTokens ?? 0,
    nanoUsd: nanoUsd(usage?.costUsd ?? 0),
    callsAvoided: decision && !usage ? 1 : 0,
  };
  const counts = new Map<string, number>();
  for (const [name, value] of Object.entries(group))
    counts.set(`groups.${deletedAt ? 'trashed' : status} ${stage ?? 'none'}.${name}`, value);
  if (deletedAt) return counts;
  counts.set(`days.${dayOf(uploadedAt)}`, 1);
  if (placement) counts.set(`folders.${folderKey(placement.folder)}`, 1);
  return counts;
}

/** Of the owner's living images so many, or those of a status or of a folder with all below it. */
export function livingIn(
  { groups = {}, folders = {} }: TallyDocument,
  { status, folder }: { status?: string; folder?: string } = {},
): number {
  const sum = (values: (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  if (folder !== undefined) {
    const key = folderKey(folder);
    const inTree = Object.entries(folders).filter(([path]) => path === key || path.startsWith(`${key}%2F`));
    return sum(inTree.map(([, images]) => images));
  }
  const isCounted = (name: string) =>
    status === undefined ? !name.startsWith('trashed ') : name.startsWith(`${status} `);
  return sum(Object.entries(groups).map(([name, group]) => (isCounted(name) ? group.images : 0)));
}

/** What a change of an image adds to the counts and takes from them. */
export function countsChanged(before: Counted | undefined, after: Counted | undefined): Counts {
  const changed = new Map(countsOf(after));
  for (const [path, value] of countsOf(before)) changed.set(path, (changed.get(path) ?? 0) - value);
  return new Map([...changed].filter(([, value]) => value !== 0));
}

/** Counts all of the owner's images, in pages: no server and no connection has to be patient. */
export async function countAll(
  { images }: Collections,
  ownerId: string,
): Promise<Pick<TallyDocument, 'groups' | 'folders' | 'days'>> {
  const counts = new Map<string, number>();
  for (const [deletedAt, hint] of [
    [null, 'images_by_upload'],
    [someDate, 'images_in_trash'],
  ] as const) {
    const options = { projection: countedFields, batchSize: 1_000, hint };
    for await (const image of images.find({ ownerId, deletedAt } as Filter<ImageDocument>, options))
      for (const [path, value] of countsOf(image)) counts.set(path, (counts.get(path) ?? 0) + value);
  }
  return nested(counts);
}

/** The document that has each count at its path. */
function nested(counts: Counts): object {
  const document: Record<string, object> = {};
  for (const [path, value] of counts) {
    const names = path.split('.');
    const last = names.pop()!;
    let place: Record<string, unknown> = document;
    for (const name of names) place = (place[name] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return document;
}
