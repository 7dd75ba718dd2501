import type { OcrEngine, Reading } from '../src/domain/ocr-engine.ts';
import type { GreyPixels } from '../src/domain/pixels.ts';
import { readText } from '../src/domain/read-text.ts';
import { textOf } from '../src/domain/text-rules.ts';
import { readingOf } from './reading.ts';

const signal = new AbortController().signal;
const grey = (width: number, height: number): GreyPixels => ({
  data: Uint8Array.from({ length: width * height }, (_, at) => at % 251),
  width,
  height,
  channels: 1,
});
const enlarge = async ({ width, height }: GreyPixels, factor: number) =>
  grey(Math.round(width * factor), Math.round(height * factor));

/** Answers in order, and remembers what it was given. */
function scripted(...readings: Reading[]) {
  const seen: GreyPixels[] = [];
  const engine: OcrEngine = {
    async recognize(image) {
      seen.push(image);
      return readings[seen.length - 1]!;
    },
    close: async () => {},
  };
  return { engine, enlarge, seen };
}

const page = readingOf([
  [
    ['Total', 96],
    ['amount', 94],
  ],
  [['due', 91]],
]);
const upsideDown = readingOf([
  [
    ['junoue', 40],
    ['|e10]', 20],
    ['enp', 35],
  ],
]);

describe('textOf', () => {
  it('when words are doubtful, then they are no text and do not count', () => {
    const reading = readingOf([
      [
        ['Total', 90],
        ['x~', 20],
      ],
      [['zz', 30]],
      [['EUR', 80]],
    ]);
    expect(textOf(reading)).toEqual({ text: 'Total\nEUR', textConfidence: 85, language: 'eng' });
  });

  it('when a photo has two short words by accident, then it has no text', () => {
    expect(textOf(readingOf([[['ee', 92]], [['|a', 88]]]))).toEqual({
      text: '',
      textConfidence: null,
      language: null,
    });
  });

  it('when one credible word stands among much texture, then there is no text', () => {
    const texture = Array.from({ length: 12 }, (): [string, number] => ['iiii', 30]);
    expect(textOf(readingOf([[['see', 75], ...texture]])).text).toBe('');
  });

  it('when a sign has one word, then that is the text', () => {
    expect(textOf(readingOf([[['EXIT', 93]]])).text).toBe('EXIT');
  });
});

describe('readText', () => {
  it('when an image is read well, then it is read once', async () => {
    const reader = scripted(page);
    expect((await readText(reader, grey(100, 50), signal)).text).toBe('Total amount\ndue');
    expect(reader.seen).toHaveLength(1);
  });

  it('when the words are tiny and badly read, then they are read enlarged', async () => {
    const reader = scripted(
      readingOf(
        [
          [
            ['Tatel', 55],
            ['dme', 52],
          ],
        ],
        8,
      ),
      page,
    );
    expect((await readText(reader, grey(100, 50), signal)).text).toContain('Total');
    expect(reader.seen[1]).toMatchObject({ width: 300, height: 150 });
  });

  it('when tiny words stand in an image that is large already, then it is read as it is', async () => {
    const reader = scripted(
      readingOf(
        [
          [
            ['Tatel', 65],
            ['dme', 62],
          ],
        ],
        8,
      ),
    );
    await readText(reader, grey(2400, 20), signal);
    expect(reader.seen).toHaveLength(1);
  });

  it('when a page is upside down, then it is read turned by half', async () => {
    const reader = scripted(upsideDown, page);
    const image = grey(100, 50);
    expect((await readText(reader, image, signal)).text).toContain('Total');
    expect(reader.seen[1]!.data).toEqual(image.data.toReversed());
  });

  it('when turning makes it worse, then the first reading stays', async () => {
    const reader = scripted(
      readingOf([
        [
          ['Faint', 51],
          ['old', 53],
          ['letter', 52],
          ['Paris', 51],
        ],
        [['Brussels', 71]],
      ]),
      upsideDown,
    );
    expect((await readText(reader, grey(100, 50), signal)).text).toContain('Faint old letter');
  });

  it('when no letter fits in the image, then it is not read', async () => {
    const reader = scripted();
    expect((await readText(reader, grey(3, 3000), signal)).text).toBe('');
  });
});
