import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
  appendFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiskBlobStore } from '@image-organizer/adapters/blob-store/disk';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import type { Catalog } from '@image-organizer/adapters/catalog/catalog';
import { unlimited, type Quota } from '@image-organizer/contracts/http/access-token';
import { silentLog } from '@image-organizer/platform/log';
import { randomBytes, randomUUID } from 'node:crypto';
import { readStandaloneConfig } from '../src/config.ts';
import { createInbox, settledMs } from '../src/inbox.ts';
import { createInboxUpload, type UploadInboxFile } from '../src/inbox-upload.ts';

const owner = { id: randomUUID(), email: 'ada@example.org' };
const jpeg = (bytes = 1_000) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(bytes)]);

let directory: string;
let inbox: string;
let catalog: Catalog;
let blobs: Awaited<ReturnType<typeof createDiskBlobStore>>;
let now: number;
let quota: Quota;
const clock = { now: () => new Date(now) };
const log = silentLog();

beforeEach(async () => {
  now = Date.now();
  quota = unlimited;
  directory = await mkdtemp(join(tmpdir(), 'inbox-'));
  inbox = join(directory, 'inbox');
  await mkdir(inbox);
  catalog = createSqliteCatalog({ path: join(directory, 'catalog.db') });
  blobs = await createDiskBlobStore({ directory: join(directory, 'blobs'), log });
});
afterEach(async () => {
  await Promise.all([catalog.close(), blobs.close()]);
  await rm(directory, { recursive: true });
});

/** An inbox as one process has it, and what it uploads with. */
function open(upload?: (real: UploadInboxFile) => UploadInboxFile) {
  const relayHint = () => {};
  const limits = { maxBytes: 10_000, graceSeconds: 3_600 };
  const real = createInboxUpload({
    catalog,
    blobs,
    clock,
    log,
    relayHint,
    newId: randomUUID,
    owner,
    ...{ quotaOf: async () => quota, defaultQuota: unlimited },
    ...limits,
  });
  return createInbox({ directory: inbox, upload: upload?.(real) ?? real, clock, log });
}

/** Looks, and once more when everything that was seen counts as finished. */
async function settle({ look }: ReturnType<typeof open>) {
  await look();
  now += settledMs;
  await look();
}

const filesIn = async (path = '') =>
  (await readdir(join(inbox, path), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(inbox.length + 1))
    .sort();
const images = async () =>
  (await catalog.listImages({ ownerId: owner.id, sort: 'filename', limit: 100 })).items;
const drop = async (path: string, bytes: Buffer | string) => {
  await mkdir(join(inbox, path, '..'), { recursive: true });
  await writeFile(join(inbox, path), bytes);
};

it('When images are dropped, sub-folders too, then they are the first account’s and lie in done', async () => {
  await drop('a.jpg', jpeg());
  await drop('Holiday/2024/b.jpg', jpeg());
  await settle(open());
  expect((await images()).map(({ filename, ownerEmail }) => [filename, ownerEmail])).toEqual([
    ['a.jpg', owner.email],
    ['b.jpg', owner.email],
  ]);
  expect(await filesIn()).toEqual(['done/Holiday/2024/b.jpg', 'done/a.jpg']);
  expect(await catalog.getBatch(owner.id, (await images())[0]!.batchId)).toMatchObject({
    status: 'open',
    notify: false,
    total: 1,
  });
});

it('When the quota has no room, then the file lies in refused with the reason; once there is more, the next is taken', async () => {
  await drop('a.jpg', jpeg());
  await settle(open());
  quota = { images: 1, bytes: null };
  await drop('b.jpg', jpeg());
  await settle(open());
  expect(await filesIn()).toEqual(['done/a.jpg', 'refused/b.jpg', 'refused/b.jpg.reason.txt']);
  expect(await readFile(join(inbox, 'refused/b.jpg.reason.txt'), 'utf8')).toContain('quota is 1 images');
  expect((await blobs.list({ limit: 10 })).length).toBe(1);
  quota = { images: 2, bytes: null };
  await drop('c.jpg', jpeg());
  await settle(open());
  expect((await images()).map(({ filename }) => filename)).toEqual(['a.jpg', 'c.jpg']);
});

it.each([
  ['text.jpg', 'no image at all', 'JPEG'],
  ['empty.png', '', 'empty'],
  ['large.jpg', jpeg(10_001), 'larger than 10000 bytes'],
])(
  'When %s cannot be taken, then it lies in refused with the reason beside it',
  async (name, bytes, reason) => {
    await drop(`Scans/${name}`, bytes);
    await settle(open());
    expect(await filesIn()).toEqual([`refused/Scans/${name}`, `refused/Scans/${name}.reason.txt`]);
    expect(await readFile(join(inbox, `refused/Scans/${name}.reason.txt`), 'utf8')).toContain(reason);
    expect(await images()).toEqual([]);
    expect(await blobs.list({ limit: 10 })).toEqual([]);
  },
);

it('When a file still grows or is touched, then it waits until it was left alone for two seconds', async () => {
  const { look } = open();
  const path = join(inbox, 'slow.jpg');
  await drop('slow.jpg', jpeg());
  await look();
  now += settledMs - 1;
  await look();
  await appendFile(path, 'more');
  now += 1;
  await look();
  await utimes(path, new Date(1_000), new Date(1_000));
  now += settledMs;
  await look();
  expect(await filesIn()).toEqual(['slow.jpg']);
  now += settledMs;
  await look();
  expect(await filesIn()).toEqual(['done/slow.jpg']);
  expect((await images())[0]!.size).toBe(1_008);
});

it('When a file changes while it is uploaded, then nothing of it is kept until it is finished', async () => {
  let rounds = 0;
  const box = open((real) => async (file) => {
    if (rounds++ === 0) await appendFile(file.at, 'more');
    return real(file);
  });
  await drop('a.jpg', jpeg());
  await settle(box);
  expect(await images()).toEqual([]);
  expect(await blobs.list({ limit: 10 })).toEqual([]);
  await settle(box);
  await settle(box);
  expect((await images()).map(({ size }) => size)).toEqual([1_008]);
});

it('When the process ends between upload and move, then the next one moves the file and there is one image', async () => {
  await drop('a.jpg', jpeg());
  const dying = open((real) => async (file) => {
    await real(file);
    throw new Error('the process is killed here');
  });
  await settle(dying);
  expect(await filesIn()).toEqual(['a.jpg']);
  await settle(open());
  expect(await filesIn()).toEqual(['done/a.jpg']);
  expect(await images()).toHaveLength(1);
  expect(await blobs.list({ limit: 10 })).toHaveLength(1);
});

it('When a failure is not the file’s fault, then it stays, others are taken, and it is tried again later', async () => {
  let away = true;
  const box = open((real) => async (file) => {
    if (away && file.path === 'a.jpg') throw new Error('the disk is full');
    return real(file);
  });
  await drop('a.jpg', jpeg());
  await drop('b.jpg', jpeg());
  await settle(box);
  expect(await filesIn()).toEqual(['a.jpg', 'done/b.jpg']);
  away = false;
  now += 30_000;
  await box.look();
  expect(await filesIn()).toEqual(['done/a.jpg', 'done/b.jpg']);
});

it('When another file of that name is in done, then neither is lost', async () => {
  const box = open();
  for (const _round of [1, 2, 3]) {
    await drop('a.jpg', jpeg());
    await settle(box);
  }
  expect(await filesIn()).toEqual(['done/a (2).jpg', 'done/a (3).jpg', 'done/a.jpg']);
  expect(await images()).toHaveLength(3);
});

it('When files are hidden, unfinished downloads or links, then they are left alone', async () => {
  await drop('.DS_Store', 'x');
  await drop('.hidden/a.jpg', jpeg());
  await drop('b.jpg.crdownload', jpeg());
  await drop('c.part', jpeg());
  await writeFile(join(directory, 'elsewhere.jpg'), jpeg());
  await symlink(join(directory, 'elsewhere.jpg'), join(inbox, 'link.jpg'));
  await settle(open());
  expect(await images()).toEqual([]);
  expect(await filesIn()).toHaveLength(5);
});

it.each(['data', 'data/blobs', '.', '/'])(
  'When INBOX_DIR is %s, then it is refused: DATA_DIR is data',
  (INBOX_DIR) => {
    expect(() => readStandaloneConfig({ DATA_DIR: './data', INBOX_DIR })).toThrow('INBOX_DIR');
  },
);

it.each([
  [undefined, 'data/inbox'],
  ['./data-inbox', './data-inbox'],
  ['./data/inbox', './data/inbox'],
])('When INBOX_DIR is %s, then it is %s', (INBOX_DIR, expected) => {
  expect(readStandaloneConfig({ DATA_DIR: './data', INBOX_DIR }).inboxDir).toBe(expected);
});
