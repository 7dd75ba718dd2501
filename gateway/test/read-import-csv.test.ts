import { Readable } from 'node:stream';
import { looksLikeImport } from '../src/domain/import-columns.ts';
import { readImportCsv } from '../src/domain/read-import-csv.ts';

const header = 'Serial Number,Product Name,Input Image Urls';
const [a, b, c] = ['https://example.org/a.jpg', 'https://example.org/b.png', 'http://example.org/c'];

/** Cut into pieces of `size` bytes. */
function piecesOf(bytes: Buffer, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return Readable.from(pieces);
}

async function read(csv: string | Buffer, { maxRows = 1_000, size = 64_000 } = {}) {
  const rows = [];
  for await (const page of readImportCsv(piecesOf(Buffer.from(csv as string), size), maxRows))
    rows.push(...page);
  return rows;
}

type Expected = [row: number, serial: string, product: string, ...urls: string[]];

const variants: [what: string, csv: string, rows: Expected[]][] = [
  [
    'the URLs stand in one quoted cell',
    `${header}\n1,Kettle,"${a},${b}"\n2,Pan,${c}\n`,
    [
      [2, '1', 'Kettle', a, b],
      [3, '2', 'Pan', c],
    ],
  ],
  ['there are spaces behind the commas', `${header}\n1, Kettle, "${a}, ${b}"\n`, [[2, '1', 'Kettle', a, b]]],
  [
    'the URLs spill over the rest of the row',
    `${header}\n1,Kettle,${a},${b},${c}\n`,
    [[2, '1', 'Kettle', a, b, c]],
  ],
  ['both at once', `${header}\n1,Kettle,"${a},${b}",${c}\n`, [[2, '1', 'Kettle', a, b, c]]],
  [
    'the header is padded where they spill over',
    `${header},,\n1,Kettle,${a},${b},\n`,
    [[2, '1', 'Kettle', a, b]],
  ],
  ['the URLs are separated by semicolons', `${header}\n1,Kettle,${a};${b}\n`, [[2, '1', 'Kettle', a, b]]],
  ['the URLs are separated by blanks', `${header}\n1,Kettle,${a}  ${b}\n`, [[2, '1', 'Kettle', a, b]]],
  [
    'the URLs are separated by line breaks in the cell',
    `${header}\n1,Kettle,"${a}\n${b}"\n2,Pan,${c}\n`,
    [
      [2, '1', 'Kettle', a, b],
      [4, '2', 'Pan', c],
    ],
  ],
  [
    'the header is in small letters',
    `serial number,product name,input image urls\n1,Kettle,${a}\n`,
    [[2, '1', 'Kettle', a]],
  ],
  [
    'the header is in capitals with underscores',
    `SERIAL_NUMBER,PRODUCT_NAME,INPUT_IMAGE_URLS\n1,Kettle,${a}\n`,
    [[2, '1', 'Kettle', a]],
  ],
  ['the header is abbreviated', `S. No.,Product Name,Image URL\n1,Kettle,${a}\n`, [[2, '1', 'Kettle', a]]],
  [
    'the header is quoted and spaced',
    `"Serial Number" , "Product Name" , "Input Image Urls"\n1,Kettle,${a}\n`,
    [[2, '1', 'Kettle', a]],
  ],
  ['there is a byte order mark', `\ufeff${header}\n1,Kettle,${a}\n`, [[2, '1', 'Kettle', a]]],
  [
    'lines end with CRLF',
    `${header}\r\n1,Kettle,"${a},\r\n${b}"\r\n2,Pan,${c}\r\n`,
    [
      [2, '1', 'Kettle', a, b],
      [4, '2', 'Pan', c],
    ],
  ],
  [
    'lines end with CR',
    `${header}\r1,Kettle,${a}\r2,Pan,${c}\r`,
    [
      [2, '1', 'Kettle', a],
      [3, '2', 'Pan', c],
    ],
  ],
  ['the last line has no end', `${header}\n1,Kettle,${a}`, [[2, '1', 'Kettle', a]]],
  [
    'cells are separated by semicolons',
    `${header.replaceAll(',', ';')}\n1;"Kettle; 2 l";"${a},${b}"\n2;"Pan\nsteel";${c}\n`,
    [
      [2, '1', 'Kettle; 2 l', a, b],
      [3, '2', 'Pan\nsteel', c],
    ],
  ],
  [
    'cells are separated by tabs',
    `${header.replaceAll(',', '\t')}\n1\tKettle, red\t${a}\t${b}\n2\t\t${c}\n`,
    [
      [2, '1', 'Kettle, red', a, b],
      [3, '2', '', c],
    ],
  ],
  [
    'the columns are in another order',
    `Input Image Urls,Product Name,Serial Number\n"${a},${b}",Kettle,1\n`,
    [[2, '1', 'Kettle', a, b]],
  ],
  [
    'there are other columns',
    `Shop,Serial Number,Price,Product Name,Input Image Urls,Error\nNorth,1,9.99,Kettle,${a},it failed\n`,
    [[2, '1', 'Kettle', a]],
  ],
  [
    'there are empty lines, before the header too',
    `\n \n${header}\n\n1,Kettle,${a}\n,,\n   \n2,Pan,${c}\n\n`,
    [
      [5, '1', 'Kettle', a],
      [8, '2', 'Pan', c],
    ],
  ],
  ['a quotation mark is doubled', `${header}\n1,"Monitor 24""",${a}\n`, [[2, '1', 'Monitor 24"', a]]],
  ['a cell is neutralised', `${header}\n'-1,'=Kettle,${a}\n`, [[2, '-1', '=Kettle', a]]],
  ['the product has no name', `${header}\n1,,${a}\n`, [[2, '1', '', a]]],
  ['only URLs are given', `${header}\n,,${a}\n`, [[2, '', '', a]]],
  ['a URL has letters of every language', `${header}\n1,Ünïté,${a}?q=ü\n`, [[2, '1', 'Ünïté', `${a}?q=ü`]]],
  ['a URL stands twice', `${header}\n1,Kettle,"${a},${a}"\n`, [[2, '1', 'Kettle', a, a]]],
  [
    'a URL begins with capitals',
    `${header}\n1,Kettle,HTTPS://example.org/a\n`,
    [[2, '1', 'Kettle', 'HTTPS://example.org/a']],
  ],
];

describe('A CSV', () => {
  it.each(variants)('When %s, then its rows are read.', async (_what, csv, expected) => {
    for (const size of [64_000, 7, 1]) {
      const rows = await read(csv, { size });
      expect(
        rows.map(({ row, serialNumber, productName, urls }) => [
          row,
          serialNumber,
          productName,
          ...urls.map(({ url }) => url),
        ]),
      ).toEqual(expected);
      expect(rows.every(({ status, errors }) => status === 'pending' && errors.length === 0)).toBe(true);
    }
  });

  it('When a URL cannot be fetched, then it has failed with its reason, and the others are fetched.', async () => {
    const long = `https://example.org/${'a'.repeat(2_000)}`;
    const [row, hopeless] = await read(
      `${header}\n1,Kettle,"${a},ftp://example.org/b.jpg,example.org/c.jpg,${long},javascript:alert(1)"\n2,Pan,nothing\n`,
    );
    expect(row).toMatchObject({ status: 'pending', errors: [] });
    expect(row!.urls.map(({ url, status, error }) => [url, status, error?.code])).toEqual([
      [a, 'pending', undefined],
      ['ftp://example.org/b.jpg', 'failed', 'URL_NOT_HTTP'],
      ['example.org/c.jpg', 'failed', 'NOT_A_URL'],
      [long, 'failed', 'URL_TOO_LONG'],
      ['javascript:alert(1)', 'failed', 'URL_NOT_HTTP'],
    ]);
    expect(hopeless).toMatchObject({ status: 'failed', urls: [{ status: 'failed' }] });
  });

  const refused: [what: string, row: string, code: string, column: string][] = [
    ['has no URL', '1,Kettle,', 'NO_URL', 'Input Image Urls'],
    ['has no cell for URLs', '1', 'NO_URL', 'Input Image Urls'],
    [
      'has 201 URLs',
      `1,Kettle,"${Array.from({ length: 201 }, () => a).join(',')}"`,
      'TOO_MANY_URLS',
      'Input Image Urls',
    ],
    ['has a quotation mark in the middle of a cell', `1,Monitor 24",${a}`, 'BROKEN_QUOTING', 'Row'],
    ['goes on behind a closing quotation mark', `1,"Kettle" red,${a}`, 'BROKEN_QUOTING', 'Row'],
    ['has a quotation mark that is never closed', `1,"Kettle,${a}`, 'BROKEN_QUOTING', 'Row'],
    ['is longer than 1 MB', `1,Kettle,${'x'.repeat(1_000_001)}`, 'ROW_TOO_LONG', 'Row'],
  ];
  it.each(refused)(
    'When a row %s, then it is reported, and the rows around it are read.',
    async (...given) => {
      const [, text, code, column] = given;
      const rows = await read(`${header}\n8,Cup,${b}\n${text}\n9,Pan,${c}\n10,Lid,"${a},\n${c}"\n`);
      expect(rows.map(({ row, status }) => [row, status])).toEqual([
        [2, 'pending'],
        [3, 'failed'],
        [4, 'pending'],
        [5, 'pending'],
      ]);
      expect(rows[1]!.errors).toMatchObject([{ code, column }]);
      expect(rows[1]!.errors[0]!.value.length).toBeLessThanOrEqual(200);
    },
  );

  it('When two rows each open a quotation mark, then each is reported and the rows between are read.', async () => {
    const rows = await read(`${header}\n1,"Kettle,${a}\n2,Pan,${b}\n3,"Cup,${a}\n4,Lid,${c}\n`);
    expect(rows.map(({ row, status }) => [row, status])).toEqual([
      [2, 'failed'],
      [3, 'pending'],
      [4, 'failed'],
      [5, 'pending'],
    ]);
  });

  it('When a quotation mark is open for more than 1 MB, then the rows below it are read all the same.', async () => {
    const below = Array.from(
      { length: 20_000 },
      (_, index) => `${index},Pan,${'https://example.org/'.padEnd(80, 'x')}`,
    );
    const rows = await read(`${header}\n1,"Kettle,${a}\n${below.join('\n')}\n`, { maxRows: 30_000 });
    expect(rows).toHaveLength(20_001);
    expect(rows.filter(({ status }) => status === 'failed').map(({ row }) => row)).toEqual([2]);
  });

  const unreadable: [what: string, bytes: Buffer, message: RegExp][] = [
    ['is UTF-16', Buffer.from(`\ufeff${header}\n1,Kettle,${a}\n`, 'utf16le'), /UTF-16/],
    ['is UTF-16 without a mark', Buffer.from(`${header}\n1,Kettle,${a}\n`, 'utf16le'), /zero bytes/],
    ['is binary', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8, 0]), /zero bytes/],
    ['is Latin-1', Buffer.from(`${header}\n1,Käse,${a}\n`, 'latin1'), /UTF-8/],
    ['ends in the middle of a letter', Buffer.from(`${header}\n1,Käse`).subarray(0, -3), /UTF-8/],
    [
      'has no header',
      Buffer.from(`1,Kettle,${a}\n`),
      /Serial Number, Product Name, Input Image Urls.*“1,Kettle/,
    ],
    ['lacks a column', Buffer.from(`Serial Number,Input Image Urls\n1,${a}\n`), /must name the columns/],
    ['is empty', Buffer.from('\n\n'), /must name the columns/],
    ['is one line without end', Buffer.alloc(3_000_000, 'x'), /must name the columns/],
  ];
  it.each(unreadable)(
    'When it %s, then it is refused, and the words say why.',
    async (_what, bytes, message) => {
      await expect(read(bytes)).rejects.toThrow(message);
    },
  );

  it('When it has more rows than are allowed, then it is refused.', async () => {
    await expect(read(`${header}\n${`1,Kettle,${a}\n`.repeat(11)}`, { maxRows: 10 })).rejects.toThrow(
      /more than 10 rows/,
    );
  });

  it('When a file is told by its beginning, then a header alone makes it a CSV.', () => {
    expect(looksLikeImport(Buffer.from(`\ufeff\n${header}\r\n1,2`))).toBe(true);
    expect(looksLikeImport(Buffer.from('Dear Sir,\n'))).toBe(false);
    expect(looksLikeImport(Buffer.alloc(512))).toBe(false);
  });
});
