import type { Client, UploadFile } from '../../e2e/support/client.ts';

/** The most files that the interactive lane takes in one request. */
const perRequest = 20;

/** Uploads by HTTP, without an email; resolves once every image is organised (asked every 100 ms). */
export async function uploadAll(client: Client, files: UploadFile[]): Promise<void> {
  const batches: string[] = [];
  for (let from = 0; from < files.length; from += perRequest) {
    const some = files.slice(from, from + perRequest);
    batches.push((await client.upload(some, { fields: { notify: 'false' } })).batchId);
  }
  for (const batchId of batches) await client.completed(batchId);
}
