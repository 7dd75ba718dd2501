import { parse } from 'csv-parse/sync';

/** One record of a CSV as text, without its line break; a cell in quotes may hold some. */
export interface CsvRecord {
  /** That it begins at, from 1. */
  line: number;
  text: string;
  /** `text` is then one line alone; of one that is too long its beginning. */
  problem?: 'broken-quoting' | 'too-long';
}

interface Line {
  number: number;
  text: string;
}

/** A quotation mark stands around a cell, or doubled in one that has them around it; blanks around both do not matter. */
function soundRecord(delimiter: string): RegExp {
  const blank = delimiter === '\t' ? ' ' : '[ \\t]';
  const cell = `(?:${blank}*"[^"]*(?:""[^"]*)*"${blank}*|[^"${delimiter}]*)`;
  return new RegExp(`^${cell}(?:${delimiter}${cell})*$`);
}

const oddQuotes = (text: string): boolean => text.split('"').length % 2 === 0;

/**
 * Cuts text that arrives in pieces into records, and knows where the next one begins after one that is broken: a line with
 * a quote that nothing closes is a broken record by itself, and the line below it begins the next. Lines end with LF,
 * CRLF or CR.
 * @param options.longest characters of a record
 */
export function createRecordSplitter({ longest, delimiter }: { longest: number; delimiter: string }) {
  const sound = soundRecord(delimiter);
  const isSound = (text: string) => !text.includes('"') || sound.test(text);
  let rest = '';
  let skipping = false; // the end of a line that is too long
  let lines = 0;
  let open: Line[] = []; // of a record whose quote is not closed yet
  let openLength = 0;

  function take(line: Line): CsvRecord[] {
    const begins = open.length === 0;
    if (begins && !oddQuotes(line.text)) {
      const problem = isSound(line.text) ? {} : { problem: 'broken-quoting' as const };
      return [{ line: line.number, text: line.text, ...problem }];
    }
    open.push(line);
    openLength += line.text.length + 1;
    if (openLength > longest) return giveUpFirst();
    if (begins || !oddQuotes(line.text)) return [];
    const record = { line: open[0]!.number, text: open.map(({ text }) => text).join('\n') };
    if (!isSound(record.text)) return giveUpFirst();
    open = [];
    openLength = 0;
    return [record];
  }

  /** The line that opened the quote is broken; those below it were read as part of it and are read again. */
  function giveUpFirst(): CsvRecord[] {
    const [first, ...again] = open;
    open = [];
    openLength = 0;
    return [
      { line: first!.number, text: first!.text, problem: 'broken-quoting' },
      ...again.flatMap((line) => take(line)),
    ];
  }

  function takeLine(text: string): CsvRecord[] {
    const number = ++lines;
    if (skipping) {
      skipping = false;
      return [];
    }
    return text.length > longest ? tooLong(number, text) : take({ number, text });
  }

  const tooLong = (number: number, text: string): CsvRecord[] => [
    ...closeOpen(),
    { line: number, text: text.slice(0, 1_000), problem: 'too-long' },
  ];

  function closeOpen(): CsvRecord[] {
    let records: CsvRecord[] = [];
    while (open.length > 0) records = records.concat(giveUpFirst());
    return records;
  }

  return {
    push(text: string): CsvRecord[] {
      // A CR at the end may be half of a CRLF.
      const all = rest + text;
      const end = all.endsWith('\r') ? all.length - 1 : all.length;
      const parts = all.slice(0, end).split(/\r\n|\n|\r/);
      rest = parts.pop()! + all.slice(end);
      const records = parts.flatMap((line) => takeLine(line));
      if (rest.length <= longest + 1) return records;
      const cut = skipping ? [] : tooLong(lines + 1, rest);
      skipping = true;
      rest = rest.endsWith('\r') ? '\r' : '';
      return records.concat(cut);
    },
    /** What is left when the text has ended. */
    end(): CsvRecord[] {
      const text = rest.replace(/\r$/, '');
      rest = '';
      return [...(text === '' && !skipping ? [] : takeLine(text)), ...closeOpen()];
    },
  };
}

/** The cells of well-formed records, trimmed, by RFC 4180; undefined where one of them is not well-formed. */
export function cellsOf(texts: string[], delimiter: string): string[][] | undefined {
  try {
    const records = parse(texts.join('\n'), {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      trim: true,
    });
    return records.length === texts.length ? records : undefined;
  } catch {
    return undefined;
  }
}
