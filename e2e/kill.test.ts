import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { login, until, type Client, type UploadFile } from './support/client.ts';
import { inspect, nothingAmiss } from './support/oracle.ts';
import { fileOf, ownSamples } from './support/samples.ts';
import { removeData, startServer, type ServerProcess } from './support/server-process.ts';

const kills = 10;
/** Short, so that the sweeper takes what a killed upload left within the test. */
const env = { UPLOAD_GRACE_SECONDS: '2', SWEEP_SECONDS: '1' };

interface Upload {
  key: string;
  files: UploadFile[];
  batchId?: string;
  imageIds?: string[];
}

/** Uploads one after the other until it is told to stop; keeps those that were answered with 202 and those that were not. */
function uploadUntilStopped(client: Client, files: UploadFile[], uploads: Upload[]) {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      const from = uploads.length % files.length;
      const upload: Upload = { key: randomUUID(), files: [...files, ...files].slice(from, from + 3) };
      uploads.push(upload);
      await send(client, upload).catch(() => undefined); // the process was killed: it is sent again later, as a client would
    }
  })();
  return async () => {
    stopped = true;
    await loop;
  };
}

async function send(client: Client, upload: Upload): Promise<void> {
  const answer = await client.upload(upload.files, { key: upload.key });
  const imageIds = answer.images.map(({ id }) => id);
  if (upload.imageIds) expect(imageIds).toEqual(upload.imageIds);
  Object.assign(upload, { batchId: answer.batchId, imageIds });
}

it('When the process is killed ten times under load, then every accepted upload is organised exactly once, with one email per batch and no orphan blob.', async () => {
  const files = ownSamples()
    .filter(({ kind }) => ['receipt', 'letter', 'photo', 'document'].includes(kind))
    .map(fileOf);
  const uploads: Upload[] = [];
  let server: ServerProcess = await startServer({ env });
  for (let kill = 0; kill < kills; kill++) {
    const stopUploads = uploadUntilStopped(await login(server.url), files, uploads);
    await delay(100 + Math.random() * 1_900); // the random moment is the test
    await server.kill();
    await stopUploads();
    server = await startServer({ dataDirectory: server.dataDirectory, env });
  }
  const client = await login(server.url);
  for (const upload of uploads) await send(client, upload); // also those answered before: the key makes them the same
  for (const { batchId } of uploads) await client.completed(batchId!);
  const ids = uploads.flatMap(({ imageIds }) => imageIds!);
  const found = await until(
    async () => {
      expect(await server.stop()).toBe(0);
      const found = await inspect(server.dataDirectory, ids);
      if (found.orphanBlobs.length) {
        server = await startServer({ dataDirectory: server.dataDirectory, env });
        await delay(3_000); // longer than the grace: the sweeper may take them now
      }
      return found;
    },
    ({ orphanBlobs }) => orphanBlobs.length === 0,
  );
  expect(found).toMatchObject(nothingAmiss);
  expect(found.images.filter(({ status }) => status === 'failed')).toEqual([]);
  const everything = new Set(uploads.map(({ batchId }) => batchId));
  expect(everything.size).toBe(uploads.length);
  expect(found.mails).toHaveLength(uploads.length);
  expect(uploads.length).toBeGreaterThan(kills);
  await removeData(server);
});
