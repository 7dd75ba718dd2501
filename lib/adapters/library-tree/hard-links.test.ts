import fs, {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLibraryTree } from '@image-organizer/testing/describe-library-tree';

import { createHardLinkLibrary, LibraryBlockedError } from './hard-links.ts';
import type { LibraryPath, LibraryTree } from './library-tree.ts';
import { safeName } from './safe-name.ts';

const root = mkdtempSync(join(tmpdir(), 'library-'));
afterAll(() => rmSync(root, { recursive: true }));

const textOf = (path: string) => readFileSync(path, 'utf8');
const filesIn = (directory: string) =>
  globSync('**', { cwd: directory, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

describeLibraryTree('hard-links', async () => {
  const base = mkdtempSync(join(root, 'suite-'));
  const directory = join(base, 'library');
  const blobs = { pathOf: (id: string) => join(base, 'blobs', id) };
  mkdirSync(join(base, 'blobs'));
  return {
    library: createHardLinkLibrary({ directory, blobs }),
    store: async (blob, text) => writeFileSync(blobs.pathOf(blob), text),
    files: async () => filesIn(directory).map((path) => [path, textOf(join(directory, path))]),
    dispose: async () => rmSync(base, { recursive: true }),
  };
});

describe('hard-links', () => {
  let base: string;
  let directory: string;
  let library: LibraryTree;
  beforeEach(() => {
    base = mkdtempSync(join(root, 'tree-'));
    directory = join(base, 'library');
    mkdirSync(join(base, 'blobs'));
    library = createHardLinkLibrary({ directory, blobs: { pathOf: (id) => join(base, 'blobs', id) } });
    writeFileSync(blobPath('one'), 'one', { mode: 0o444 });
    writeFileSync(blobPath('two'), 'two', { mode: 0o444 });
  });
  afterEach(() => jest.restoreAllMocks());

  const blobPath = (id: string) => join(base, 'blobs', id);
  const at = (filename: string, folder = 'Receipts/2026'): LibraryPath => ({
    owner: 'anna@example.com',
    folder,
    filename,
  });
  const files = () => filesIn(directory);

  it('When a blob is placed, then it is a link to its bytes under owner, folder and name', async () => {
    await library.place('one', at('a.png'), 'image/png');
    expect(files()).toEqual(['anna@example.com/Receipts/2026/a.png']);
    expect(statSync(join(directory, files()[0]!)).ino).toBe(statSync(blobPath('one')).ino);
  });

  it('When a blob is placed again, then nothing changes and nothing is left over', async () => {
    await library.place('one', at('a.png'), 'image/png');
    await library.place('one', at('a.png'), 'image/png');
    expect(files()).toEqual(['anna@example.com/Receipts/2026/a.png']);
    expect(readdirSync(join(directory, '.incoming'))).toEqual([]);
  });

  it('When another blob is placed there, then it replaces the file and not its bytes', async () => {
    await library.place('one', at('a.png'), 'image/png');
    await library.place('two', at('a.png'), 'image/png');
    expect(readFileSync(join(directory, files()[0]!), 'utf8')).toBe('two');
    expect(readFileSync(blobPath('one'), 'utf8')).toBe('one');
  });

  it('When a file is removed, also twice, then its empty folders go and others stay', async () => {
    await library.place('one', at('a.png', 'Receipts/2026/May'), 'image/png');
    await library.place('one', at('b.png', 'Receipts'), 'image/png');
    await library.remove(at('a.png', 'Receipts/2026/May'));
    await library.remove(at('a.png', 'Receipts/2026/May'));
    expect(files()).toEqual(['anna@example.com/Receipts/b.png']);
    expect(existsSync(join(directory, 'anna@example.com/Receipts/2026'))).toBe(false);
    await library.remove(at('b.png', 'Receipts'));
    expect(readdirSync(directory)).toEqual(['.incoming']);
    expect(existsSync(blobPath('one'))).toBe(true);
  });

  it.each([
    '../../../escaped',
    '..',
    '/etc/cron.d/x',
    '../.incoming',
    'a/../../b',
    '.hidden',
    '\0',
    '',
    '  ',
    'CON',
  ])('When a name is %j, then the file stays inside its folder', async (name) => {
    await library.place('one', at(name), 'image/png');
    await library.place('one', { owner: name, folder: name, filename: name }, 'image/png');
    const placed = files();
    expect(placed).toHaveLength(2);
    expect(placed.filter((path) => path.startsWith('anna@example.com/Receipts/2026/'))).toHaveLength(1);
    expect(readdirSync(base).sort()).toEqual(['blobs', 'library']);
    await library.remove(at(name));
    expect(files()).toHaveLength(1);
  });

  describe('symbolic links', () => {
    let outside: string;
    beforeEach(() => {
      outside = join(base, 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'a.png'), 'precious');
      mkdirSync(join(directory, 'anna@example.com'), { recursive: true });
    });
    afterEach(() => expect(readFileSync(join(outside, 'a.png'), 'utf8')).toBe('precious'));

    it('When a folder is a link to elsewhere, then nothing is placed or removed there', async () => {
      symlinkSync(outside, join(directory, 'anna@example.com', 'Receipts'));
      await expect(library.place('one', at('a.png', 'Receipts'), 'image/png')).rejects.toThrow(
        LibraryBlockedError,
      );
      await expect(library.place('one', at('b.png', 'Receipts/2026'), 'image/png')).rejects.toThrow(
        LibraryBlockedError,
      );
      await library.remove(at('a.png', 'Receipts'));
      expect(readdirSync(outside)).toEqual(['a.png']);
    });

    it('When the file is a link to elsewhere, then the link is replaced', async () => {
      mkdirSync(join(directory, 'anna@example.com', 'Receipts'));
      symlinkSync(join(outside, 'a.png'), join(directory, 'anna@example.com', 'Receipts', 'a.png'));
      await library.place('one', at('a.png', 'Receipts'), 'image/png');
      expect(readFileSync(join(directory, 'anna@example.com/Receipts/a.png'), 'utf8')).toBe('one');
    });
  });

  it.each(['EXDEV', 'EPERM', 'EMLINK'])(
    'When hard links answer %s, then the file is a copy',
    async (code) => {
      jest.spyOn(fsPromises, 'link').mockRejectedValue(Object.assign(new Error(code), { code }));
      await library.place('one', at('a.png'), 'image/png');
      const placed = join(directory, files()[0]!);
      expect(readFileSync(placed, 'utf8')).toBe('one');
      expect(statSync(placed).ino).not.toBe(statSync(blobPath('one')).ino);
    },
  );

  it('When the folder goes between being made and being used, then it is made again', async () => {
    const rename = fsPromises.rename;
    jest.spyOn(fsPromises, 'rename').mockImplementationOnce(async (from, to) => {
      fs.rmSync(join(directory, 'anna@example.com'), { recursive: true });
      return rename(from, to);
    });
    await library.place('one', at('a.png'), 'image/png');
    expect(files()).toEqual(['anna@example.com/Receipts/2026/a.png']);
  });
});

describe('safeName', () => {
  it('When a name is safe, then it stays as it is', () => {
    expect(safeName('Rechnung März (2).pdf.png')).toBe('Rechnung März (2).pdf.png');
    expect(safeName(`${'x'.repeat(251)}.png`)).toBe(`${'x'.repeat(251)}.png`);
  });

  it.each([
    ['ASCII', 'x'.repeat(300)],
    ['three bytes each', '日'.repeat(120)],
    ['families of emoji', '👨‍👩‍👧‍👦'.repeat(20)],
  ])(
    'When a name of %s is too long, then it is cut between characters and keeps its extension',
    (_case, stem) => {
      const safe = safeName(`${stem}.jpeg`);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
      expect(safe).toMatch(/~[0-9a-f]{8}\.jpeg$/);
      expect(safe.isWellFormed()).toBe(true);
      expect(safe).not.toContain('\ufffd');
    },
  );

  it('When two names differ only in what cannot stay, then they stay two', () => {
    const names = ['a?.png', 'a*.png', 'a .png', `${'日'.repeat(120)}1.png`, `${'日'.repeat(120)}2.png`];
    expect(new Set(names.map((name) => safeName(name))).size).toBe(names.length);
  });
});
