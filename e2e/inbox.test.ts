import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { login, until } from './support/client.ts';
import { inspect, nothingAmiss } from './support/oracle.ts';
import { ownSamples } from './support/samples.ts';
import { removeData, startServer } from './support/server-process.ts';

const [receipt, letter] = ownSamples().filter(({ kind }) => kind === 'receipt' || kind === 'letter');
const crashHook = join(import.meta.dirname, 'support', 'crash-hook.ts');

const filesIn = async (directory: string) =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

it('When files are dropped into the inbox, then images are organised, others are refused with a reason, and half-written ones wait.', async () => {
  const server = await startServer();
  const inbox = join(server.dataDirectory, 'inbox');
  await mkdir(join(inbox, 'Scans'), { recursive: true });
  await copyFile(receipt!.path, join(inbox, 'receipt.jpg'));
  await copyFile(letter!.path, join(inbox, 'Scans/letter.jpg'));
  await writeFile(join(inbox, 'notes.txt'), 'no image');
  const whole = await readFile(receipt!.path);
  const slow = await open(join(inbox, 'slow.jpg'), 'w');
  let written = 0;
  const writeMore = async () => {
    written += (await slow.write(whole, written, Math.min(100, whole.length - written))).bytesWritten;
  };

  const client = await login(server.url);
  const names = await until(
    async () => {
      await writeMore();
      return (await client.images())
        .filter(({ status }) => status === 'organized')
        .map((image) => image.filename);
    },
    (organised) => organised.length >= 2,
  );
  expect(names.sort()).toEqual(['letter.jpg', 'receipt.jpg']);
  await slow.write(whole, written);
  await slow.close();
  const images = await until(
    () => client.images(),
    (all) => all.length === 3 && all.every(({ status }) => status === 'organized'),
  );
  const last = images.find(({ filename }) => filename === 'slow.jpg')!;
  expect(last.duplicateOf).toBe(images.find(({ filename }) => filename === 'receipt.jpg')!.id);
  expect(await filesIn(inbox)).toEqual([
    'done/Scans/letter.jpg',
    'done/receipt.jpg',
    'done/slow.jpg',
    'refused/notes.txt',
    'refused/notes.txt.reason.txt',
  ]);
  expect(await server.stop()).toBe(0);
  expect(
    await inspect(
      server.dataDirectory,
      images.map(({ id }) => id),
    ),
  ).toMatchObject(nothingAmiss);
  await removeData(server);
});

it('When the process is killed after an image was recorded and before its file was moved, then the next start moves it and there is one image.', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'inbox-'));
  const inbox = join(directory, 'scanner');
  await mkdir(inbox);
  await copyFile(receipt!.path, join(inbox, 'receipt.jpg'));
  const env = { INBOX_DIR: inbox, UPLOAD_GRACE_SECONDS: '2', SWEEP_SECONDS: '1' };
  const doomed = await startServer({
    env: {
      ...env,
      NODE_OPTIONS: `--import ${crashHook}`,
      CRASH_AT: 'upload:image-recorded',
      CRASH_MARK: join(directory, 'crashed'),
    },
  });
  if (doomed.child.signalCode === null) await once(doomed.child, 'exit');
  expect(await filesIn(inbox)).toEqual(['receipt.jpg']);

  const server = await startServer({ dataDirectory: doomed.dataDirectory, env });
  const client = await login(server.url);
  await until(
    () => filesIn(inbox),
    ([file]) => file === 'done/receipt.jpg',
  );
  const [image, ...others] = await until(
    () => client.images(),
    ([first]) => first?.status === 'organized',
  );
  expect(others).toEqual([]);
  await client.completed(image!.batchId);
  expect(await server.stop()).toBe(0);
  const found = await inspect(server.dataDirectory, [image!.id]);
  expect(found).toMatchObject(nothingAmiss);
  expect(found.mails).toEqual([]);
  await removeData(server);
  await rm(directory, { recursive: true });
});
