/**
 * What a language model costs: prompt tokens of each sample for an owner with 10 and with 1,000 folders, of names alike
 * or short and long, and for how many samples no call is made. No server: the prompts are counted and thrown away.
 *
 *   node bench/llm.ts
 *
 * Tokens are o200k_base's (gpt-tokenizer) of the messages and the schema; a picture's fixed tokens come on top.
 */
import type { ExtractResult } from '@image-organizer/adapters/catalog/records';
import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { createCatalogLedger } from '@image-organizer/classifier/adapters/catalog-ledger';
import type { FolderProfile } from '@image-organizer/classifier/domain/classifier';
import { createGovernor } from '@image-organizer/classifier/domain/governor';
import type { LanguageModel, Prompt } from '@image-organizer/classifier/domain/language-model';
import { createLlmClassifier } from '@image-organizer/classifier/domain/llm-classifier';
import { createLocalClassifier } from '@image-organizer/classifier/domain/local-classifier';
import { systemClock } from '@image-organizer/platform/clock';
import { countTokens } from 'gpt-tokenizer';
import { corpus } from '../classifier/test/corpus/corpus.ts';
import { ownSamples } from '../e2e/support/samples.ts';
import { median, table, writeResult } from './support/report.ts';

interface Sample {
  filename: string;
  text: string;
}

/** Our images by what stands in them, and the texts of the classifier's evaluation. */
const samples: Sample[] = [
  ...ownSamples()
    .filter(({ kind }) => kind !== 'bad')
    .map(({ file, text }) => ({ filename: file, text })),
  ...corpus.map(({ text }, nth) => ({ filename: `scan-${nth}.jpg`, text })),
];

const kinds = [
  'Receipts',
  'Invoices',
  'Letters',
  'Contracts',
  'Tickets',
  'Medical',
  'Insurance',
  'Recipes',
  'Photos',
  'Taxes',
];
const subjects = [
  'Groceries',
  'Car',
  'Flat',
  'School',
  'Garden',
  'Travel',
  'Office',
  'Doctor',
  'Music',
  'Pets',
];
const words = [
  'total',
  'cash',
  'date',
  'name',
  'page',
  'amount',
  'order',
  'number',
  'account',
  'address',
  'thank',
  'payment',
];

/** Folders by kind, subject and year, alike in length however many there are. */
const foldersOf = (count: number): FolderProfile[] =>
  Array.from({ length: count }, (_, nth) => {
    const [kind, subject] = [kinds[nth % 10]!, subjects[Math.floor(nth / 10) % 10]!];
    const path = `${kind}/${subject}/${2015 + Math.floor(nth / 100)}`;
    return {
      path,
      description: `What belongs to ${path.replaceAll('/', ', ').toLowerCase()}`,
      commonWords: [kind, subject, ...words.slice(nth % 7)].map((word) => word.toLowerCase()),
      createdBy: nth % 2 ? 'user' : 'auto',
    };
  });

/** Folders of a person of few words. */
const tersely = (count: number): FolderProfile[] =>
  foldersOf(count).map(({ path, createdBy }, nth) => ({
    path: `${path.slice(0, 3)}${nth}`,
    description: 'Bills',
    commonWords: ['tax', 'pay', 'due', 'sum', 'vat', 'cash', 'card', 'date', 'item', 'name'],
    createdBy,
  }));

/** Folders of one of many. */
const wordily = (count: number): FolderProfile[] =>
  foldersOf(count).map(({ path, commonWords, createdBy }) => ({
    path: path.replaceAll('/', ' and everything of that kind/Correspondence and documents concerning '),
    description: `All letters, forms, receipts and confirmations that have been received in connection with ${path}, whoever sent them, and whatever was answered`,
    commonWords: commonWords.flatMap((word) => [`${word}bescheinigung`, `Haushalts${word}nachweis`]),
    createdBy,
  }));

const ledger = createCatalogLedger({
  catalog: createSqliteCatalog({ path: ':memory:' }),
  clock: systemClock,
});

const unclear = JSON.stringify({
  caption: '',
  tags: [],
  folder: '(unclear)',
  newFolder: null,
  confidence: 0,
  reason: '',
});

/** A person's last 50 corrections, in a few of the folders. */
const corrected = (folders: FolderProfile[]) =>
  samples.slice(0, folders.length === 0 ? 0 : 50).map(({ filename, text }, nth) => ({
    ...{ filename, caption: text.slice(0, 100) },
    folder: folders[(nth * 7) % Math.min(folders.length, 10)]!.path,
  }));

/** @param sureAbove 2: every sample is asked about */
async function ask(sample: Sample, folders: FolderProfile[], sureAbove: number) {
  const prompts: Prompt[] = [];
  const avoided: string[] = [];
  const model: LanguageModel = {
    name: 'counter',
    takesImages: () => true,
    async ask(prompt) {
      prompts.push(prompt);
      return { content: unclear, promptTokens: 0, completionTokens: 0 };
    },
  };
  const classifier = createLlmClassifier({
    model,
    local: createLocalClassifier({ reviewBelow: 0.5 }),
    governor: createGovernor({ ledger, clock: systemClock, requestsPerMinute: 1_000_000 }),
    report: { called: () => {}, avoided: (reason) => void avoided.push(reason) },
    corrections: async () => corrected(folders),
    thumbnails: async () => Buffer.from('a picture'),
    config: { sureAbove, reviewBelow: 0.5, whenDown: 'local', prices: { prompt: 0, completion: 0 } },
  });
  const metadata: ExtractResult['metadata'] = {
    width: 1200,
    height: 1600,
    format: 'jpeg',
    orientation: null,
    takenAt: null,
    camera: null,
    location: null,
  };
  const image = {
    ownerId: 'owner',
    ...sample,
    metadata,
    requestedFolder: null,
    renditions: null,
  };
  await classifier.decide(image, folders, { signal: new AbortController().signal });
  return { avoided, tokens: prompts.map(tokensOf)[0], shown: prompts.some(({ thumbnail }) => thumbnail) };
}

const tokensOf = ({ instructions, data, schema }: Prompt): number =>
  [instructions, data, JSON.stringify(schema)].reduce((sum, part) => sum + countTokens(part), 0);

async function measure(names: string, folders: FolderProfile[]) {
  const asked = [];
  const decided = [];
  for (const sample of samples) {
    asked.push(await ask(sample, folders, 2));
    decided.push(await ask(sample, folders, 0.9));
  }
  const tokens = asked.map(({ tokens }) => tokens!);
  return {
    names,
    folders: folders.length,
    meanTokens: tokens.reduce((sum, each) => sum + each, 0) / tokens.length,
    medianTokens: median(tokens),
    mostTokens: Math.max(...tokens),
    withPicture: asked.filter(({ shown }) => shown).length,
    callsAvoided: decided.filter(({ avoided }) => avoided.includes('sure')).length,
  };
}

const results = [];
for (const [names, folders] of [
  ['', []],
  ['alike', foldersOf(10)],
  ['alike', foldersOf(1_000)],
  ['short', tersely(10)],
  ['long', wordily(1_000)],
] as const)
  results.push(await measure(names, [...folders]));
const [, ten, thousand, short, long] = results.map(({ meanTokens }) => meanTokens);
const growth = { alike: thousand! / ten! - 1, shortToLong: long! / short! - 1 };
table([
  [
    'names',
    'folders',
    'tokens, mean',
    'median',
    'most',
    'with a picture',
    `calls avoided of ${samples.length}`,
  ],
  ...results.map(({ names, ...row }) => [names, ...Object.values(row).map((value) => value.toFixed(0))]),
]);
for (const [names, share] of Object.entries(growth))
  console.log(`prompt tokens grow by ${(share * 100).toFixed(1)} % from 10 to 1,000 folders (${names})`);
writeResult('llm', { samples: samples.length, tokenizer: 'o200k_base', growth, results });
