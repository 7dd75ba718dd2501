import type { Image } from '@image-organizer/contracts/http/image';
import { login, until, type Client } from './client.ts';
import { nothingAmiss, type Mail } from './oracle.ts';
import { fileOf, ownSamples, realSamples, type Sample } from './samples.ts';
import { account } from './server-process.ts';

/** The product, started for one journey. */
export interface JourneySystem {
  readonly url: string;
  /** What was sent so far. */
  mails(): Promise<Mail[]>;
  /** Ends every process in order. @returns what is amiss in what they left, as `nothingAmiss` */
  stop(imageIds: string[]): Promise<object>;
  /** Whatever runs or is kept is gone afterwards. */
  dispose(): Promise<void>;
}

const collections = [
  { title: "the repository's own samples", samples: ownSamples() },
  ...(realSamples() ? [{ title: 'real images', samples: realSamples()! }] : []),
];

/**
 * What a person sees who uploads a folder: each collection of samples, on a system of its own.
 * @param further what only this kind of system promises; called where tests are defined, its arguments inside of these
 */
export function describeJourney<System extends JourneySystem>(
  start: () => Promise<System>,
  further: (system: () => System, images: () => Image[]) => void,
): void {
  describe.each(collections)('A folder of $title is uploaded', ({ samples }) =>
    journey(samples, start, further),
  );
}

function journey<System extends JourneySystem>(
  samples: Sample[],
  ...[start, further]: Parameters<typeof describeJourney<System>>
): void {
  const good = samples.filter(({ kind }) => kind !== 'bad');
  let system: System;
  let client: Client;
  const images = new Map<string, Image>();

  beforeAll(async () => {
    system = await start();
    client = await login(system.url);
    const answer = await client.upload(good.map(fileOf));
    expect(answer.refused).toEqual([]);
    expect(answer.images.map(({ filename }) => filename)).toEqual(good.map(({ file }) => file));
    await client.completed(answer.batchId);
    for (const [index, { id }] of answer.images.entries())
      images.set(good[index]!.file, await client.image(id));
  }, 300_000);

  afterAll(() => system?.dispose());

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
    const mails = await until(
      () => system.mails(),
      ({ length }) => length > 0,
    );
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

  further(
    () => system,
    () => [...images.values()],
  );

  it('leaves nothing behind: no orphan, no open upload, an empty outbox', async () => {
    const ids = [...images.values()].map(({ id }) => id);
    expect(await system.stop(ids)).toMatchObject(nothingAmiss);
  });
}
