import { createWordRepair } from '../src/domain/repair-words.ts';
import { taxonomy } from '../src/domain/taxonomy.ts';
import { compileTaxonomy } from '../src/domain/taxonomy-points.ts';
import { isStopWord, wordsOf } from '../src/domain/words.ts';

describe('words of noisy text', () => {
  it('When text has accents, capitals, plurals and ligatures, then its words are made alike', () => {
    expect(wordsOf('RÉSUMÉS Straße INVOICES taxes Companies ﬁnal')).toEqual([
      'resume',
      'strasse',
      'invoice',
      'tax',
      'company',
      'final',
    ]);
  });

  it('When a digit stands for a letter, then it is read as that letter, but codes are no words', () => {
    expect(wordsOf('T0TAL ca5h OR18032902170347 12.50 2019-01-23')).toEqual(['total', 'cash']);
  });

  it('When scripts have no spaces, then their words are found', () => {
    expect(wordsOf('醤油と砂糖')).toEqual(expect.arrayContaining(['醤油', '砂糖']));
  });

  it('When words are grammar in one of five languages, then they are stop words; the taxonomy has none of its own', () => {
    expect(['the', 'und', 'avec', 'para', 'della'].every(isStopWord)).toBe(true);
    expect(['total', 'invoice', 'quittung', 'facture', 'saldo'].some(isStopWord)).toBe(false);
  });
});

describe('repair', () => {
  const repair = createWordRepair(['grand total', 'receipt', 'cash', 'change', 'summer', 'invoice', 'date']);

  it.each([
    ['grandtotal', ['grand', 'total']],
    ['invoicedate', ['invoice', 'date']],
    ['recept', ['receipt']],
    ['recelpt', ['receipt']],
    ['receipt', ['receipt']],
    ['simmer', ['simmer']],
    ['cush', ['cush']],
  ])('When a word reads %s, then it becomes %j', (word, words) => expect(repair(word)).toEqual(words));
});

describe('the taxonomy', () => {
  it('When its lists are compiled, then every entry has its own path, and no word is empty or cut', () => {
    expect(new Set(taxonomy.map(({ path }) => path)).size).toBe(taxonomy.length);
    const terms = compileTaxonomy().flatMap((entry) => [...entry.terms]);
    // Numbers are no words: a phrase with one would be cut down to a word that means something else.
    expect(terms.filter(([term, { spelling }]) => term === '' || /\d/.test(spelling))).toEqual([]);
  });

  it('When an owner names a folder, then it is one kind at most: no name is used twice', () => {
    const names = taxonomy.flatMap(({ path, aliases = [] }) =>
      [path, ...aliases].map((name) => name.toLowerCase()),
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
