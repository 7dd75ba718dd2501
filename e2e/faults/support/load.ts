import { randomUUID } from 'node:crypto';
import type { Client, UploadFile } from '../../support/client.ts';
import { until } from '../../support/client.ts';
import { nothingAmiss } from '../../support/oracle.ts';
import type { Cluster } from '../../support/cluster.ts';
import { tinyImages } from './tiny-images.ts';

export interface Upload {
  key: string;
  files: UploadFile[];
  batchId?: string;
  imageIds?: string[];
}

/** Sends one upload until it is answered with 202, as a client with an Idempotency-Key does. */
export async function sendUntilAccepted(client: () => Promise<Client>, upload: Upload): Promise<void> {
  await until(
    async () => {
      const answer = await client()
        .then((it) => it.upload(upload.files, { key: upload.key }))
        .catch(() => undefined);
      if (answer)
        Object.assign(upload, { batchId: answer.batchId, imageIds: answer.images.map(({ id }) => id) });
      return answer;
    },
    (answer) => answer !== undefined,
  );
}

/**
 * Uploads `count` batches of `size` tiny images, one after the other, and adds them to `uploads`; `during` runs meanwhile.
 */
export async function uploadWhile(
  cluster: Cluster,
  uploads: Upload[],
  { count, size = 2 }: { count: number; size?: number },
  during: () => Promise<unknown> = async () => {},
): Promise<Upload[]> {
  const added: Upload[] = [];
  const sending = (async () => {
    for (let n = 0; n < count; n++) {
      const upload: Upload = { key: randomUUID(), files: await tinyImages(size) };
      added.push(upload);
      uploads.push(upload);
      await sendUntilAccepted(cluster.client, upload);
    }
  })();
  await Promise.all([sending, during()]);
  return added;
}

/**
 * The oracle of delivery.md: everything that this cluster ever accepted has come to one end, once, and nothing is left
 * over.
 */
export async function expectNothingAmiss(
  cluster: Cluster,
  uploads: Upload[],
  { failed = 0 }: { failed?: number } = {},
): Promise<void> {
  const found = await cluster.drained(
    uploads.map(({ batchId }) => batchId!),
    uploads.flatMap(({ imageIds }) => imageIds!),
  );
  expect(found).toMatchObject(nothingAmiss);
  expect(found.images.filter(({ status }) => status === 'failed')).toHaveLength(failed);
  expect(found.deadLetters).toBe(failed);
  expect(found.mails).toBe(uploads.length);
}
