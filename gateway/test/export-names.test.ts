import { createExportNames } from '../src/domain/export-names.ts';

const names = () => createExportNames(['catalog.json']);

it.each([
  ['an ordinary one', 'Receipts/2024', 'shop.jpg', 'Receipts/2024/shop.jpg'],
  ['without a folder', null, 'shop.jpg', 'shop.jpg'],
  ['other scripts', '写真/Ünïcode', 'été.jpg', '写真/Ünïcode/été.jpg'],
  ['a device of Windows', 'AUX', 'con.tar.jpg', '_AUX/_con.tar.jpg'],
  ['the catalogue’s', null, 'Catalog.JSON', 'Catalog (2).JSON'],
])('When the name is %s, then it is kept as far as it can be', (_what, folder, filename, expected) => {
  expect(names()(folder, filename)).toBe(expected);
});

it.each([
  ['a parent', '../../etc', 'passwd'],
  ['a parent as the file', 'a', '..'],
  ['absolute', '/etc', '/etc/passwd'],
  ['a drive', 'C:/Windows', 'C:\\Windows\\system.ini'],
  ['backslashes', '..\\..', '..\\..\\evil.jpg'],
  ['control characters', 'a\u0000b', 'x\r\n\u001b[31m.jpg'],
  ['direction of text', 'a\u202eb', 'gpj\u202e.exe'],
  ['dots and spaces', '. .', ' .hidden. '],
  ['nothing', '', ''],
  ['very long', 'f'.repeat(400), `${'ü'.repeat(400)}.jpg`],
  ['wildcards', 'a*b?', '<"|>:.jpg'],
])(
  'When the name tries %s, then it stays inside and every file system takes it',
  (_what, folder, filename) => {
    const path = names()(folder, filename);
    for (const segment of path.split('/')) {
      expect(segment).toMatch(/^[^\u0000-\u001f\u007f<>:"\\|?*\u202e]+$/);
      expect(segment).not.toMatch(/^\.|[. ]$/);
      expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255);
    }
  },
);

it('When names differ only in case, form or not at all, then each file has a path of its own', () => {
  const name = names();
  const given = ['a.jpg', 'A.jpg', 'a.jpg', 'e\u0301.jpg', 'é.jpg', 'a (2).jpg', 'a.jpg'];
  const paths = given.map((filename) => name('Photos', filename));
  const long = [1, 2].map(() => name('photos', `${'x'.repeat(300)}.jpg`));
  expect(new Set([...paths, ...long].map((path) => path.normalize('NFC').toLowerCase())).size).toBe(9);
  expect(paths.slice(0, 3)).toEqual(['Photos/a.jpg', 'Photos/A (2).jpg', 'Photos/a (3).jpg']);
});

it('When a folder has the name of a file beside it, then it gets another, and all its files the same', () => {
  const name = names();
  expect(name(null, 'scan')).toBe('scan');
  expect(name('scan', '1.jpg')).toBe('scan (2)/1.jpg');
  expect(name('scan', '2.jpg')).toBe('scan (2)/2.jpg');
  expect(name('Scan/more', '3.jpg')).toBe('Scan (2)/more/3.jpg');
});
