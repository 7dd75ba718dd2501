import type { BlobStore } from '@image-organizer/adapters/blob-store/blob-store';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import type { ImportRecord } from '@image-organizer/adapters/catalog/imports';
import type { OutboxEntry } from '@image-organizer/adapters/catalog/records';
import type { GuardedFetch, GuardedResponse } from '@image-organizer/adapters/http-client/guarded-fetch';
import { acceptFile } from '@image-organizer/pipeline/intake/accept-file';
import { createFileReceiver } from '@image-organizer/pipeline/intake/receive-files';
import { quotaLeft, type QuotaLeft } from '@image-organizer/pipeline/quota';
import type { Clock } from '@image-organizer/platform/clock';
import type { Log } from '@image-organizer/platform/log';
import { problemOfFile, problemOfStatus } from './fetch-problem.ts';
import { createHostTurns } from './host-turns.ts';

export interface FetchImageDependencies {
  http: GuardedFetch;
  blobs: BlobStore;
  catalog: Catalog;
  clock: Clock;
  log: Log;
  newId: () => string;
  relayHint: (entry: OutboxEntry) => void;
  /** Of one image. */
  maxBytes: number;
  graceSeconds: number;
  perHost: number;
}

export interface UrlOfRow {
  url: string;
  row: number;
  /** Of the URL in its row, from 0. */
  index: number;
}

/**
 * Makes what is at a URL an image of the import. The same place of the same row is one image, however often it is
 * fetched and whatever is there then.
 * @returns the image's id. @throws FetchProblem, an error of the fetch, StorageUnavailableError; what `signal` says
 */
export type FetchImage = (of: ImportRecord, place: UrlOfRow, signal: AbortSignal) => Promise<string>;

/** Some servers answer nobody who does not say who they are. */
const headers = { accept: 'image/*,*/*;q=0.5', 'user-agent': 'image-organizer (CSV import)' };

export function createFetchImage(dependencies: FetchImageDependencies): FetchImage {
  const { http, catalog, clock, maxBytes, perHost } = dependencies;
  const inTurn = createHostTurns(perHost);

  async function fetchNow(of: ImportRecord, place: UrlOfRow, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const left = await quotaLeft(catalog, of.ownerId, of.quota);
    assertRoom(left, 1); // nothing is fetched in vain
    const response = await http.fetch(place.url, { headers, maxBytes, signal });
    try {
      const problem = problemOfStatus(response.status, response.headers, clock.now());
      if (problem) throw problem;
      return await keep(of, place, response, left);
    } finally {
      response.body.destroy();
    }
  }

  async function keep(
    of: ImportRecord,
    place: UrlOfRow,
    { body }: GuardedResponse,
    left: QuotaLeft,
  ): Promise<string> {
    const receiver = createFileReceiver({ ...dependencies, ownerId: of.ownerId });
    const accepted: string[] = [];
    try {
      await receiver.receive(filenameOf(place.url), body);
      const file = receiver.files[0]!;
      if ('refused' in file) throw problemOfFile(file.refused);
      assertRoom(left, file.stored.size);
      const image = await acceptFile(dependencies, file.stored, {
        ownerId: of.ownerId,
        ownerEmail: of.ownerEmail,
        batchId: of.id,
        lane: 'bulk',
        requestId: of.requestId,
        requestedFolder: of.folder,
        idempotencyKey: `import:${of.id}/${place.row}/${place.index}`,
      });
      accepted.push(image.id);
      return image.id;
    } finally {
      await receiver.discardUnused(accepted);
    }
  }

  return (of, place, signal) => inTurn(hostOf(place.url), () => fetchNow(of, place, signal));
}

/** @throws FetchProblem */
function assertRoom(left: QuotaLeft, size: number): void {
  const detail = left.refusal(size);
  if (detail !== undefined) throw problemOfFile({ code: 'QUOTA_EXCEEDED', detail });
}

/** In lower case, with its port where it is not the usual one; empty where it is no URL. */
export const hostOf = (url: string): string => URL.parse(url)?.host ?? '';

/** The last part of the URL's path, as its owner sees it; what the server calls the file is not asked. */
function filenameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1)!;
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // a % that begins no escape
  }
}
