import { mainLanguage } from '../src/adapters/tesseract-output.ts';

const word = (lang?: string) =>
  `<span class='ocrx_word' id='w' title='x_wconf 96'${lang ? ` lang='${lang}'` : ''}>x</span>`;
const paragraph = (lang: string, ...words: string[]) =>
  `<p class='ocr_par' id='p' lang='${lang}' title="bbox 0 0 9 9">${words.join('\n')}</p>`;

it('when most words are of another language than their paragraph, then that is the language', () => {
  expect(mainLanguage(paragraph('eng', word(), word('deu'), word('deu')), ['eng', 'deu'])).toBe('deu');
});

it('when words name no language, then their paragraph does', () => {
  const hocr = paragraph('eng', word()) + paragraph('deu', word(), word());
  expect(mainLanguage(hocr, ['eng', 'deu'])).toBe('deu');
});

it('when one language is configured, then it is that', () => {
  expect(mainLanguage(null, ['fra'])).toBe('fra');
});
