import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '@image-organizer/contracts/http/image';
import { login, type Client } from './support/client.ts';
import { inspect, mailsIn, nothingAmiss } from './support/oracle.ts';
import { fileOf, ownSamples, realSamples, type Sample } from './support/samples.ts';
import { account, removeData, startServer, type ServerProcess } from './support/server-process.ts';

const collections = [
  { title: "the repository's own samples", samples: ownSamples() },
  ...(realSamples() ? [{ title: 'real images', samples: realSamples()! }] : []),
];

describe.each(collections)('A folder of $title is uploaded', ({ samples }) => {
  const good = samples.filter(({ kind }) => kind !== 'bad');
  let server: ServerProcess;
  let client: Client;
  let batchId: string;
  const images = new Map<string, Image>();

  beforeAll(async () => {
    server = await startServer();
    client = await login(server.url);
    const answer = await client.upload(good.map(fileOf));
    batchId = answer.batchId;
    expect(answer.refused).toEqual([]);
    expect(answer.images.map(({ filename }) => filename)).toEqual(good.map(({ file }) => file));
    await client.completed(batchId);
    for (const [index, { id }] of answer.images.entries())
      images.set(good[index]!.file, await client.image(id));
  });

  afterAll(async () => {
    await server.kill();
    await removeData(server);
  });

  const of = (kind: string) =>
    good.filter((sample) => sample.kind === kind).map((sample) => [sample.file, sample] as const);
  const imageOf = ({ file }: Sample) => images.get(file)!;

  it('organises every one of them, and says why each is where it is', () => {
    for (const image of images.values()) {
      expect(image).toMatchObject({ status: 'organized', placement: { by: 'auto' } });
      expect(image.placement!.reason.length).toBeGreaterThan(10);
    }
  });

  it.each(of('receipt'))('%s is in a folder for receipts', (_file, sample) => {
    expect(imageOf(sample).placement!.folder).toMatch(/receipt/i);
  });

  it.each(of('photo'))('%s is a photo: no text is invented', (_file, sample) => {
    expect(imageOf(sample).text).toBe('');
  });

  const withFolder = good.filter(({ folder }) => folder).map((sample) => [sample.file, sample] as const);
  if (withFolder.length) {
    it.each(withFolder)('%s is in the folder it belongs into', (_file, sample) => {
      expect(imageOf(sample).placement!.folder.startsWith(sample.folder!)).toBe(true);
    });
  }

  it('writes one email to the owner, with links that need no login and cannot be changed', async () => {
    const mails = await mailsIn(server.dataDirectory);
    expect(mails).toHaveLength(1);
    expect(mails[0]!.to).toBe(account.email);
    const links = mails[0]!.text.match(/http:\S+\/download\S+/g)!;
    expect(links.length).toBeGreaterThanOrEqual(good.length);
    const sample = good[0]!;
    const link = links.find((candidate) => candidate.includes(`fid=${imageOf(sample).id}&`))!;
    const answer = await fetch(link);
    expect(answer.status).toBe(200);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(fileOf(sample).bytes);
    const other = imageOf(good[1]!).id;
    for (const changed of [
      link.replace(imageOf(sample).id, other),
      link.replace(/expires=\d/, 'expires=9'),
      `${link}x`,
    ]) {
      expect((await fetch(changed)).status).toBe(403);
    }
  });

  it('finds each text by its words', async () => {
    const withText = good.filter((sample) => sample.kind === 'receipt' && imageOf(sample).text);
    for (const sample of withText) {
      const word = imageOf(sample)
        .text!.match(/[A-Za-z]{6,}/g)!
        .toSorted((a, b) => b.length - a.length)[0]!;
      const found = await client.images({ q: word.toLowerCase().slice(0, -1) });
      expect(found.map(({ id }) => id)).toContain(imageOf(sample).id);
    }
    expect(withText.length).toBeGreaterThan(0);
  });

  it('serves thumbnails, the compressed copy and the text', async () => {
    for (const { links, text } of images.values()) {
      for (const link of [links.thumbnails.small, links.thumbnails.medium, links.compressed]) {
        const answer = await client.fetch(link);
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
        await answer.arrayBuffer();
      }
      expect(await (await client.fetch(links.text)).text()).toBe(text);
    }
  });

  it('shows the catalogue as a tree of files', async () => {
    const library = join(server.dataDirectory, 'library', account.email);
    for (const { placement, size } of images.values()) {
      expect((await stat(join(library, placement!.folder, placement!.filename))).size).toBe(size);
    }
    const files = (await readdir(library, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toHaveLength(good.length);
  });

  it('leaves nothing behind: no orphan, no open upload, an empty outbox', async () => {
    expect(await server.stop()).toBe(0);
    const ids = [...images.values()].map(({ id }) => id);
    expect(await inspect(server.dataDirectory, ids)).toMatchObject(nothingAmiss);
  });
});
