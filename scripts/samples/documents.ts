import { bankStatement, designInvoice, electricityInvoice } from './business-documents.ts';
import { concertTicket, recipe } from './leaflets.ts';
import { councilLetter, frenchLetter, medicalLetter, typedLetter } from './letters.ts';
import { photograph, screenshot, type PaperLook } from './photograph.ts';
import type { Sample } from './sample.ts';
import { errorDialog, terminal } from './screenshots.ts';
import type { Drawing } from './sheet.ts';

type Description = Omit<Sample, 'bytes' | 'text'> & { drawing: () => Drawing; look: PaperLook };

const scan = (seed: number, angle: number, paper = '#f8f8f5'): PaperLook => ({
  seed,
  angle,
  paper,
  noise: 4,
});

const papers: Description[] = [
  {
    file: 'invoice-design-studio.jpg',
    kind: 'invoice',
    folder: 'Invoices',
    note: 'Invoice of a studio, 30 days to pay',
    drawing: designInvoice,
    look: scan(21, 0.3),
  },
  {
    file: 'invoice-electricity.jpg',
    kind: 'invoice',
    folder: 'Invoices',
    note: 'American electricity bill',
    drawing: electricityInvoice,
    look: scan(22, -0.2),
  },
  {
    file: 'letter-council.jpg',
    kind: 'letter',
    folder: 'Letters',
    note: 'Letter of a town council',
    drawing: councilLetter,
    look: scan(23, 0.5, '#f4f1e9'),
  },
  {
    file: 'letter-french.jpg',
    kind: 'letter',
    folder: 'Letters',
    note: 'French letter with accents: a lease is given up',
    drawing: frenchLetter,
    look: scan(24, -0.4),
  },
  {
    file: 'letter-typewritten.jpg',
    kind: 'letter',
    folder: 'Letters',
    note: 'Private letter on yellowed paper',
    drawing: typedLetter,
    look: { seed: 25, angle: 0.9, paper: '#efe6d0', noise: 7, border: 40, table: ['#5b4636', '#4a382b'] },
  },
  {
    file: 'bank-statement.jpg',
    kind: 'bank-statement',
    folder: 'Bank',
    note: 'Bank statement of one month',
    drawing: bankStatement,
    look: scan(26, 0.2),
  },
  {
    file: 'medical-letter.jpg',
    kind: 'medical',
    folder: 'Medical',
    note: 'Letter from a hospital to a family doctor',
    drawing: medicalLetter,
    look: scan(27, -0.5),
  },
  {
    file: 'recipe-apple-cake.jpg',
    kind: 'recipe',
    folder: 'Recipes',
    note: 'Recipe in two columns',
    drawing: recipe,
    look: scan(28, 0.6, '#fdf6e6'),
  },
  {
    file: 'ticket-concert.jpg',
    kind: 'ticket',
    folder: 'Tickets',
    note: 'Concert ticket, light on dark, with a made-up QR code',
    drawing: concertTicket,
    look: { seed: 29, angle: -0.7, paper: '#26214a', noise: 5, border: 40, table: ['#b9b3a6', '#948d80'] },
  },
];

/** Invoices, letters, and all else on paper. */
export const documentSamples = (): Promise<Sample[]> =>
  Promise.all(
    papers.map(async ({ drawing, look, ...description }) => {
      const drawn = drawing();
      const bytes = await (await photograph(drawn, look)).jpeg({ quality: 68 }).toBuffer();
      return { ...description, text: drawn.text, bytes };
    }),
  );

const screens = [
  { file: 'screenshot-terminal.png', note: 'A terminal: a failing test and its mending', drawing: terminal },
  { file: 'screenshot-error-dialog.png', note: 'A dialog with an error on a desktop', drawing: errorDialog },
];

export const screenshotSamples = (): Promise<Sample[]> =>
  Promise.all(
    screens.map(async ({ drawing, file, note }) => {
      const drawn = drawing();
      const bytes = await screenshot(drawn).png({ palette: true, compressionLevel: 9 }).toBuffer();
      return { file, kind: 'screenshot' as const, folder: 'Screenshots', note, text: drawn.text, bytes };
    }),
  );
