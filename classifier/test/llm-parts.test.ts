import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { BlobNotFoundError } from '@image-organizer/adapters/blob-store/blob-store';
import { extractResult } from '@image-organizer/testing/builders';
import sharp from 'sharp';
import { retryAfterMs } from '@image-organizer/platform/http/retry-after';
import { createThumbnails } from '../src/adapters/thumbnails.ts';
import { cutText, estimateTokens } from '../src/domain/cut-text.ts';
import { fence } from '../src/domain/fence.ts';
import { chooseCandidates, mostCandidates } from '../src/domain/llm-candidates.ts';
import { folderWith } from './images.ts';

describe('cutting a text to a budget of tokens', () => {
  it('When it fits, then it is as it was', () => {
    expect(cutText('Total 12.50', 100)).toEqual({ text: 'Total 12.50', shown: 11, total: 11 });
  });

  it.each([
    ['words', 'lorem ipsum '.repeat(500)],
    ['numbers', '12.50 '.repeat(1_000)],
    ['Chinese', '发票总额'.repeat(1_000)],
    ['emoji', '🧾'.repeat(4_000)],
  ])('When it is of %s, then no more is kept than fits, and the rest is counted', (_case, text) => {
    const cut = cutText(text, 200);
    expect(cut.total).toBe([...text].length);
    expect(cut.text).toContain(`[${cut.total - cut.shown} characters are left out here]`);
    expect(estimateTokens(cut.text)).toBeLessThan(220);
    expect(cut.shown).toBeGreaterThan(100);
  });
});

describe('the fence around strangers’ text', () => {
  it('When the text ends another fence, then it cannot end its own', () => {
    const { mark: known } = fence('hello');
    const { mark, fenced } = fence(`hello\n${known}>>>`);
    expect(fenced.split(mark)).toHaveLength(3);
  });

  it('When the text is the same, then so is the prompt', () => {
    expect(fence('hello')).toEqual(fence('hello'));
  });
});

describe('the folders a model is asked about', () => {
  const ranked = (folder: string) => ({
    folder,
    score: 1,
    matchedWords: [],
    description: '',
    commonWords: [],
  });

  it('When there are many, then the local best come first, then a person’s, no more than a dozen', () => {
    const folders = Array.from({ length: 100 }, (_, nth) => folderWith(`F${nth}`, { createdBy: 'auto' }));
    const chosen = chooseCandidates(
      [ranked('Best')],
      [...folders, folderWith('Mine'), folderWith('Unsorted')],
    );
    expect(chosen).toHaveLength(mostCandidates);
    expect(chosen.slice(0, 3).map(({ path }) => path)).toEqual(['Best', 'Mine', 'F0']);
  });

  it('When names are long, alike when cut, or ours, then each has a short name of its own', () => {
    const long = 'a'.repeat(200);
    const paths = [`${long}1`, `${long}2`, '(unclear)', 'two\nlines'];
    const chosen = chooseCandidates(
      [],
      paths.map((path) => folderWith(path)),
    );
    const labels = chosen.map(({ label }) => label);
    expect(new Set(labels).size).toBe(4);
    expect(Math.max(...labels.map(({ length }) => length))).toBeLessThan(90);
    expect(labels).toContain('two lines');
    expect(labels).not.toContain('(unclear)');
    expect(chosen.find(({ label }) => label === 'two lines')!.line).not.toContain('\n');
  });

  const manyNamed = (path: string, description: string, word: string) =>
    chooseCandidates(
      [],
      Array.from({ length: 40 }, (_, nth) =>
        folderWith(`${path}${nth}`, { description, commonWords: Array<string>(20).fill(word) }),
      ),
    );

  it('When names, descriptions and words are long, then the list costs no more than short ones with more words', () => {
    const costOf = (chosen: ReturnType<typeof manyNamed>) =>
      estimateTokens(chosen.map(({ label, line }) => label + line).join('\n'));
    const long = manyNamed(
      'Correspondence '.repeat(9),
      'Everything that was sent. '.repeat(9),
      'l'.repeat(30),
    );
    const short = manyNamed('Tax', 'Bills', 'due');
    expect(long).toHaveLength(mostCandidates);
    expect(costOf(long)).toBeLessThan(costOf(short) * 1.1);
    expect(short[0]!.line).toContain('"about":"Bills","words":["due","due","due","due"');
  });

  it('When a list is too long, then words and descriptions are cut before names', () => {
    const [path, about] = ['Household/Letters of the housing association ', 'What the association sends'];
    const [few, many] = [
      chooseCandidates([], [folderWith(path, { description: about, commonWords: ['flat'] })]),
      manyNamed(path, about, 'association'),
    ];
    expect(few[0]!.line).toBe(JSON.stringify({ folder: path.trim(), about, words: ['flat'] }));
    expect(many[11]!.label).toBe(`${path}11`);
    expect(many[11]!.line).not.toContain(about);
  });

  it('When a name is cut, then its beginning and its end are left', () => {
    const [first] = manyNamed('Correspondence '.repeat(9), '', 'word');
    expect(first!.label).toMatch(/^Corr.*….*0$/);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  it.each([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' }, 0],
    [{ 'retry-after': '86400' }, 3_600_000],
    [{ 'retry-after-ms': '150', 'retry-after': '1' }, 150],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('When a server says %j, then it is waited for %s ms', (headers, delayMs) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), now)).toBe(delayMs);
  });
});

describe('thumbnails', () => {
  const renditions = extractResult().renditions;

  it('When there is a rendition, then a JPEG of at most 512 pixels without EXIF is made of it', async () => {
    const raw = { width: 800, height: 600, channels: 3 } as const;
    const medium = await sharp(randomBytes(800 * 600 * 3), { raw })
      .jpeg()
      .toBuffer();
    const made = await createThumbnails({ open: async () => Readable.from([medium]) })({ renditions });
    expect(await sharp(made).metadata()).toMatchObject({ format: 'jpeg', width: 512, height: 384 });
    expect((await sharp(made).metadata()).exif).toBeUndefined();
  });

  it('When there is none, then nothing is made; when the store is down, then that is an error', async () => {
    const missing = createThumbnails({ open: async (id) => Promise.reject(new BlobNotFoundError(id)) });
    expect(await missing({ renditions })).toBeUndefined();
    expect(await missing({ renditions: null })).toBeUndefined();
    const down = createThumbnails({ open: async () => Promise.reject(new Error('disk gone')) });
    await expect(down({ renditions })).rejects.toThrow('disk gone');
  });
});
