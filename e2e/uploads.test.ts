import { randomUUID } from 'node:crypto';
import { login, type Client, type UploadFile } from './support/client.ts';
import { inspect, nothingAmiss } from './support/oracle.ts';
import { fileOf, ownSamples } from './support/samples.ts';
import { removeData, startServer, type ServerProcess } from './support/server-process.ts';

const [receipt, letter] = ownSamples()
  .filter(({ kind }) => kind === 'receipt' || kind === 'document')
  .map(fileOf) as [UploadFile, UploadFile];
let server: ServerProcess;
let client: Client;
const imageIds: string[] = [];

beforeAll(async () => {
  server = await startServer();
  client = await login(server.url);
});
afterAll(() => removeData(server));

it('When one Idempotency-Key is sent 50 times at once, then there is one image and one batch.', async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.upload([receipt], { key })));
  expect(new Set(answers.map(({ batchId }) => batchId)).size).toBe(1);
  expect(new Set(answers.map(({ images }) => images[0]!.id)).size).toBe(1);
  expect(await client.completed(answers[0]!.batchId)).toMatchObject({ total: 1, organized: 1 });
  expect(await client.images()).toHaveLength(1);
  imageIds.push(answers[0]!.images[0]!.id);
});

it('When the same bytes are uploaded again under another name, then the answer says of what they are a duplicate, and they are not read again.', async () => {
  const read = await textsRead();
  const answer = await client.upload([{ ...receipt, name: 'again.jpg' }]);
  expect(answer.images[0]).toMatchObject({ filename: 'again.jpg', duplicateOf: imageIds[0] });
  await client.completed(answer.batchId);
  const [first, again] = [await client.image(imageIds[0]!), await client.image(answer.images[0]!.id)];
  expect(again).toMatchObject({ status: 'organized', text: first.text, metadata: first.metadata });
  expect(again.placement!.folder).toBe(first.placement!.folder);
  expect(again.placement!.filename).toBe('again.jpg');
  expect(await textsRead()).toBe(read);
  imageIds.push(again.id);
});

it('When the uploader names a folder and wants no email, then both are respected.', async () => {
  const answer = await client.upload([letter], { fields: { folder: 'Car/Workshop', notify: 'false' } });
  await client.completed(answer.batchId);
  expect((await client.image(answer.images[0]!.id)).placement).toMatchObject({
    folder: 'Car/Workshop',
    by: 'user',
  });
  imageIds.push(answer.images[0]!.id);
});

it('When all that is over, then nothing is amiss and there are two emails.', async () => {
  expect(await server.stop()).toBe(0);
  const found = await inspect(server.dataDirectory, imageIds);
  expect(found).toMatchObject(nothingAmiss);
  expect(found.mails).toHaveLength(2);
});

/** How many images the OCR engine has read since the start. */
async function textsRead(): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const count = /^ocr_seconds_count(?:\{[^}]*\})? (\d+)/m.exec(metrics);
  if (!count) throw new Error('there is no metric ocr_seconds');
  return Number(count[1]);
}
