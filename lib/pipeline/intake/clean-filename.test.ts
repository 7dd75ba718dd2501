import { cleanFilename } from './clean-filename.ts';

describe('cleanFilename', () => {
  it.each([
    ['an ordinary name', 'photo.jpg', 'photo.jpg'],
    ['a path upwards', '../../etc/passwd', 'passwd'],
    ['a Windows path', 'C:\\Users\\me\\scan.png', 'scan.png'],
    ['control characters and NUL', 'a\u0000b\r\nc.png', 'abc.png'],
    ['a direction override', 'invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['an emoji of several code points', '👨‍👩‍👧 beach.jpg', '👨‍👩‍👧 beach.jpg'],
    ['a decomposed accent', 'cafe\u0301.jpg', 'caf\u00e9.jpg'],
    ['only dots', '..', 'image'],
    ['nothing after a slash', 'folder/', 'image'],
    ['only invisible characters', '\u0001\u200b', 'image'],
    ['half a surrogate pair', 'a\ud83d.jpg', 'a\ufffd.jpg'],
  ])('When the client sends %s, then what is shown is safe', (_what, given, shown) => {
    expect(cleanFilename(given)).toBe(shown);
  });

  it('When a name is too long, then it is cut to 200 characters and keeps its extension', () => {
    const shown = cleanFilename(`${'😀'.repeat(300)}.jpeg`);
    expect([...shown]).toHaveLength(200);
    expect(shown.endsWith('😀.jpeg')).toBe(true);
  });
});
