import { readOcrConfig } from '../src/config.ts';

it('when nothing is set, then English is read with the data that is committed', () => {
  expect(readOcrConfig({})).toMatchObject({
    languages: ['eng'],
    tessdataDir: expect.stringMatching(/tessdata$/),
  });
});

it('when a language has no data, then the start is refused and the folder for it is named', () => {
  expect(() => readOcrConfig({ OCR_LANGUAGES: 'eng+deu', TESSDATA_DIR: '/data/tess' })).toThrow(
    /eng\.traineddata\.gz, deu\.traineddata\.gz in \/data\/tess; put it there/,
  );
});

it('when languages could name another folder, then they are refused', () => {
  expect(() => readOcrConfig({ OCR_LANGUAGES: '../eng' })).toThrow(/OCR_LANGUAGES/);
});
