import { folderLimits } from '@image-organizer/contracts/folder-path';
import type { FolderRecord } from '@image-organizer/adapters/catalog/records';
import { resolveFolder } from '../src/domain/resolve-folder.ts';

const folder = (path: string, commonWords: string[] = []): FolderRecord => ({
  ownerId: 'owner',
  path,
  description: '',
  commonWords,
  createdBy: 'auto',
  count: 1,
});
const resolve = (toDir: string, existing: string[], requested: string | null = null) =>
  resolveFolder(
    { toDir, commonWords: [] },
    existing.map((path) => folder(path)),
    requested,
  ).path;

describe('A proposed folder', () => {
  it.each([
    ['case', 'receipts', 'Receipts'],
    ['plural', 'Receipt', 'Receipts'],
    ['a plural in -ies', 'Grocery', 'Groceries'],
    ['punctuation', 'Bank-Statements', 'Bank Statements'],
    ['accents', 'Reçus', 'Recus'],
    ['a typing error', 'Screenshots/Terminl', 'Screenshots/Terminal'],
  ])(
    'When it differs from an existing one by %s only, then it becomes that one.',
    (_by, proposed, existing) => {
      expect(resolve(proposed, ['Letters', existing])).toBe(existing);
    },
  );

  it.each([
    ['another year', 'Photos/2024', 'Photos/2023'],
    ['another depth', 'Photos', 'Photos/2023'],
    ['short names that look alike', 'Cars', 'Cats'],
    ['another parent', 'Work/Invoices', 'Home/Invoices'],
  ])('When it has %s, then it is made.', (_why, proposed, existing) => {
    expect(resolve(proposed, [existing])).toBe(proposed);
  });

  it('When its words are nearly those of a folder beside it, then it becomes that one, and the reason says so.', () => {
    const words = ['total', 'cash', 'change', 'till', 'thank', 'cashier'];
    const resolved = resolveFolder(
      { toDir: 'Till slips', commonWords: words },
      [folder('Receipts', words.slice(1))],
      null,
    );
    expect(resolved).toEqual({
      path: 'Receipts',
      changed: expect.stringContaining('"Till slips" is nearly the same'),
    });
  });

  it.each([
    ['../../etc', 'etc'],
    ['a/../../b', 'a/b'],
    ['con/nul', '_con/_nul'],
    ['a/b/c/d/e/f', 'a/b/c/d'],
    ['\u0000/\u202e', 'Unsorted'],
    ['', 'Unsorted'],
  ])('When its path is %j, then it is made safe.', (proposed, safe) => {
    expect(resolve(proposed, [])).toBe(safe);
  });

  it('When there are as many folders as there may be, then no more is made, but an existing one is still found.', () => {
    const full = Array.from({ length: folderLimits.perOwner }, (_, n) => `Folder ${n} of many`);
    expect(resolve('Something else', full)).toBe('Unsorted');
    expect(resolve('Folder 7 of many', full)).toBe('Folder 7 of many');
  });

  it("When a person asked for it, then it is taken as it is, but for another folder's case.", () => {
    expect(resolve('Receipts', ['Receipts', 'Invoices'], 'Recipts')).toBe('Recipts');
    expect(resolve('Receipts', ['Invoices'], 'invoices')).toBe('Invoices');
  });
});

describe('A path that a folder had before', () => {
  const folders = [{ ...folder('Belege/Kasse'), formerPaths: ['Receipts', 'Bills'] }, folder('Bills/2023')];
  const resolved = (toDir: string, requested: string | null = null) =>
    resolveFolder({ toDir, commonWords: [] }, folders, requested);

  it.each([
    ['it', 'Receipts', 'Belege/Kasse'],
    ['it in another case', 'bills', 'Belege/Kasse'],
    ['a new folder below it', 'Receipts/2026', 'Belege/Kasse/2026'],
    ['a folder below it that is there', 'Bills/2023', 'Bills/2023'],
    ['one that only begins alike', 'Receipts of Ada', 'Receipts of Ada'],
  ])('When a decision names %s, then the image goes where that is now.', (_, toDir, path) => {
    expect(resolved(toDir).path).toBe(path);
  });

  it('When an uploader named it, then that is the folder as it is called now, and the reason says so.', () => {
    expect(resolved('Letters', 'receipts')).toEqual({
      path: 'Belege/Kasse',
      changed: '"receipts" is "Belege/Kasse" now.',
    });
  });
});
