import { decision } from '@image-organizer/contracts/decision';
import { createLocalClassifier } from '../src/domain/local-classifier.ts';
import type { FolderProfile, ImageToClassify } from '../src/domain/classifier.ts';
import { corpus } from './corpus/corpus.ts';
import { folderWith, imageWith, learnedFrom, metadataWith } from './images.ts';

const classifier = createLocalClassifier({ reviewBelow: 0.5 });
const decide = async (image: Partial<ImageToClassify>, folders: FolderProfile[] = []) =>
  decision.parse(
    await classifier.decide(imageWith(image), folders, { signal: new AbortController().signal }),
  );
const sample = (kind: string, index = 0): string =>
  corpus.filter(({ expected }) => expected === kind)[index]!.text;

const italy = { latitude: 43.467, longitude: 11.885 };
const nikon = {
  width: 3000,
  height: 2250,
  camera: 'NIKON COOLPIX P6000',
  takenAt: '2008-10-22T16:28:39',
  location: italy,
};

describe('receipts and invoices', () => {
  it('When a till slip calls itself a tax invoice, then it is a receipt all the same', async () => {
    const made = await decide({ text: sample('Receipts', 1) });
    expect(made).toMatchObject({ toDir: 'Receipts', isNewDir: true, needsReview: false });
    expect(made.caption).toBe('Receipt from Warung Maju Enterprise, 17.40 MYR');
    expect(made.runnerUp!.confidence).toBeLessThan(made.confidence);
  });

  it('When a bill asks for a transfer by a date, then it is an invoice, with sender, date and amount', async () => {
    const made = await decide({ text: sample('Invoices') });
    expect(made.toDir).toBe('Invoices');
    expect(made.caption).toBe('Invoice from Brightwave Studio Ltd, 2023-09-04, 3300.00 GBP');
    expect(made.tags).toEqual(['invoice', '2023', 'brightwave studio ltd']);
    expect(made.reason).toContain('“due date”');
    expect(made.matchedWords).toContain('bill to');
    expect(made.matchedWords.length).toBeLessThanOrEqual(8);
  });

  it('When only the file name says what it is, then the name counts', async () => {
    const { suggestions } = await decide({ filename: 'Rechnung_Telekom.jpg' });
    expect(suggestions[0]).toBe('Invoices');
  });
});

describe('photos', () => {
  it('When a photo knows its time and place, then it goes to year and country, whenever it was uploaded', async () => {
    const made = await decide({ filename: 'DSCN0029.jpg', metadata: metadataWith(nikon) });
    expect(made).toMatchObject({ toDir: 'Photos/2008/Italy', isNewDir: true, needsReview: false });
    expect(made.caption).toBe('Photo taken in Italy on 2008-10-22 with a NIKON COOLPIX P6000');
    expect(made.tags).toEqual(['photo', '2008', 'italy']);
  });

  it('When the place is missing, then the year is enough; when both are, then it is Photos', async () => {
    const year = await decide({ metadata: metadataWith({ ...nikon, location: null }) });
    const camera = await decide({ metadata: metadataWith({ ...nikon, location: null, takenAt: null }) });
    expect([year.toDir, camera.toDir]).toEqual(['Photos/2008', 'Photos']);
  });

  it('When the place is in the middle of an ocean, then the year is enough', async () => {
    const made = await decide({
      metadata: metadataWith({ ...nikon, location: { latitude: -40, longitude: -120 } }),
    });
    expect(made.toDir).toBe('Photos/2008');
  });

  it('When a photo of another year comes, then the existing photo folders do not draw it in', async () => {
    const france = folderWith('Photos/2011/France', {
      createdBy: 'auto',
      commonWords: ['photo', 'taken', 'france', 'nikon', 'coolpix'],
    });
    const made = await decide({ metadata: metadataWith(nikon) }, [france]);
    expect(made.toDir).toBe('Photos/2008/Italy');
  });

  it('When a receipt was photographed with a telephone, then its text decides', async () => {
    const made = await decide({
      filename: 'IMG_2041.jpg',
      metadata: metadataWith(nikon),
      text: sample('Receipts'),
    });
    expect(made.toDir).toBe('Receipts');
  });
});

describe('nothing to go by', () => {
  it.each(['jpeg', 'webp', 'gif'])(
    'When a %s has no text, date or camera, then Photos is only suggested',
    async (format) => {
      const made = await decide({ filename: 'a1b2.x', metadata: metadataWith({ format }) });
      expect(made).toMatchObject({ toDir: 'Unsorted', needsReview: true, suggestions: ['Photos'] });
      expect(made.confidence).toBeLessThan(0.5);
    },
  );

  it('When nothing at all is known, then it goes to Unsorted without a suggestion', async () => {
    const made = await decide({});
    expect(made).toMatchObject({
      toDir: 'Unsorted',
      needsReview: true,
      suggestions: [],
      confidence: 0,
      runnerUp: null,
    });
  });

  it('When the text is garbage, then no kind is claimed', async () => {
    const made = await decide({ text: 'xq zzrk 8f# ~~ wvbn |||| pl0kq\nrrt 77 yx' });
    expect(made).toMatchObject({ toDir: 'Unsorted', needsReview: true });
  });

  it('When the folder Unsorted exists, then it is used and never learnt from', async () => {
    const unsorted = folderWith('Unsorted', {
      createdBy: 'auto',
      commonWords: learnedFrom([sample('Receipts')]),
    });
    expect(await decide({}, [unsorted])).toMatchObject({
      toDir: 'Unsorted',
      isNewDir: false,
      description: null,
    });
    expect(await decide({ text: sample('Receipts') }, [unsorted])).toMatchObject({ toDir: 'Receipts' });
  });
});

describe('screenshots', () => {
  const screen = metadataWith({ width: 1170, height: 2532, format: 'png' });

  it('When the name says screenshot and the text is of a chat, then it goes to the chats', async () => {
    const made = await decide({
      filename: 'Bildschirmfoto 2023-01-05.png',
      metadata: screen,
      text: 'Mia online\nhaha ok\nNachricht',
    });
    expect(made).toMatchObject({ toDir: 'Screenshots/Chats', tags: ['screenshot', 'chat'] });
  });

  it('When a screenshot has no text of a known kind, then it is a screenshot and no more', async () => {
    const made = await decide({ filename: 'Screenshot from 2023-01-05.png', metadata: screen });
    expect(made).toMatchObject({ toDir: 'Screenshots', needsReview: false });
  });
});

describe('the owner’s folders', () => {
  it('When a folder equals a kind of the taxonomy but for its case, then it is used as it is written', async () => {
    const made = await decide({ text: sample('Receipts') }, [folderWith('receipts')]);
    expect(made).toMatchObject({ toDir: 'receipts', isNewDir: false, description: null, commonWords: [] });
  });

  it('When a folder has a kind’s name in another language, then it is used', async () => {
    expect(await decide({ text: sample('Invoices', 1) }, [folderWith('Rechnungen')])).toMatchObject({
      toDir: 'Rechnungen',
    });
  });

  const workshop = [
    'Garage Pilz invoice\nOil change and oil filter\nBrake pads front axle\nLabour 2 hours\nTotal 310.00 due date 3 May',
    'Invoice Autohaus Nord\nWinter tyres mounted, wheel alignment\nBrake fluid\nLabour\nTotal 420.00',
    'Pit Stop Motors invoice number 88\nReplaced spark plugs, air filter, oil\nBrake disc rear axle\nmileage 88120\nTotal 250.00',
  ];
  const similar =
    'Motor Works invoice\nInvoice number 7781\nBrake pads rear axle, oil filter, labour\nmileage 91000\nTotal 199.00 due date 1 June';
  const invoices = folderWith('Invoices', {
    createdBy: 'auto',
    commonWords: learnedFrom([sample('Invoices'), sample('Invoices', 5)]),
  });

  it('When a human moved three images into a folder, then the next like them ranks it first', async () => {
    const before = await decide({ text: similar }, [invoices]);
    const moved = folderWith('Car/Workshop', { commonWords: learnedFrom(workshop) });
    const after = await decide({ text: similar }, [invoices, moved]);
    expect(before.toDir).toBe('Invoices');
    expect(after).toMatchObject({ toDir: 'Car/Workshop', isNewDir: false });
    expect(after.reason).toMatch(/^It is like what is in “Car\/Workshop”/);
    expect(classifier.rankFolders(imageWith({ text: similar }), [invoices, moved])[0]).toMatchObject({
      folder: 'Car/Workshop',
      matchedWords: expect.arrayContaining(['brake']),
    });
  });

  it('When an image of the same kind is about something else, then that folder does not draw it in', async () => {
    const moved = folderWith('Car/Workshop', { commonWords: learnedFrom(workshop) });
    expect(await decide({ text: sample('Invoices') }, [invoices, moved])).toMatchObject({
      toDir: 'Invoices',
    });
    expect(await decide({ text: sample('Receipts') }, [moved])).toMatchObject({ toDir: 'Receipts' });
  });

  it('When a folder’s words are of a script without spaces, then they are compared word by word', async () => {
    const recipes = folderWith('料理', { commonWords: ['鶏肉', '醤油', '砂糖', '大さじ', '玉ねぎ'] });
    const made = await decide({ text: '鶏肉を切る。醤油と砂糖を大さじ二杯加える。玉ねぎを炒める。' }, [
      recipes,
    ]);
    expect(made.toDir).toBe('料理');
  });

  it('When there are 500 folders, then the kind’s own folder is still found with confidence', async () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      folderWith(`Box ${index}`, {
        commonWords: sample('Books', index % 3)
          .split(/\W+/)
          .slice(index % 7, 50),
      }),
    );
    const made = await decide({ text: sample('Recipes') }, [...many, folderWith('Recipes')]);
    expect(made).toMatchObject({ toDir: 'Recipes', isNewDir: false, needsReview: false });
  });
});

describe('a folder that was renamed', () => {
  it('When a person renamed the folder of a kind, then the kind goes there and the old folder does not come back', async () => {
    const renamed = folderWith('Kram', { formerPaths: ['Receipts'] });
    expect(await decide({ text: sample('Receipts') }, [renamed])).toMatchObject({
      toDir: 'Kram',
      isNewDir: false,
    });
    expect(await decide({ text: sample('Receipts') }, [folderWith('Kram')])).toMatchObject({
      toDir: 'Receipts',
    });
  });
});

describe('a folder that was asked for', () => {
  it('When the uploader named a folder, then it goes there, with caption and tags made all the same', async () => {
    const made = await decide({ text: sample('Receipts'), requestedFolder: 'Trip to Port Anson' });
    expect(made).toMatchObject({
      toDir: 'Trip to Port Anson',
      isNewDir: true,
      confidence: 1,
      needsReview: false,
      reason: 'You chose this folder when you uploaded it.',
    });
    expect(made.tags).toContain('receipt');
    expect(made.caption).toMatch(/^Receipt from Greenleaf Supermarket/);
  });

  it('When the named folder exists, then it is not new', async () => {
    const made = await decide({ requestedFolder: 'Trip' }, [folderWith('Trip')]);
    expect(made).toMatchObject({ toDir: 'Trip', isNewDir: false, confidence: 1 });
  });
});

describe('odd input', () => {
  it('When the text has 100,000 words, then only its beginning is looked at', async () => {
    const image = imageWith({ text: `${'lorem ipsum dolor '.repeat(33_000)}${sample('Receipts')}` });
    expect(classifier.rankFolders(image, []).map(({ folder }) => folder)).not.toContain('Receipts');
  });

  it.each([
    'Счёт за электроэнергию, оплатить до',
    '電気料金のお知らせ',
    'فاتورة الكهرباء',
    'बिजली का बिल',
    '🧾🧾🧾',
  ])('When the text is %s, then a decision is made', async (text) =>
    expect(await decide({ text })).toMatchObject({ model: 'local', promptVersion: 'taxonomy-1' }),
  );

  it('When the work was aborted, then no decision is made', async () => {
    await expect(classifier.decide(imageWith(), [], { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it('When more confidence is asked for, then the same image goes to review', async () => {
    const strict = createLocalClassifier({ reviewBelow: 0.99 });
    const image = imageWith({ text: sample('Receipts') });
    const made = await strict.decide(image, [], { signal: new AbortController().signal });
    expect(made).toMatchObject({ toDir: 'Unsorted', needsReview: true, runnerUp: { folder: 'Receipts' } });
    expect(made.suggestions[0]).toBe('Receipts');
  });
});
