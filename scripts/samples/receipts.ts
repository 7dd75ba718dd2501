import { drawBarcode } from './barcode.ts';
import { photograph, type PaperLook } from './photograph.ts';
import type { Sample } from './sample.ts';
import { createSheet, type Drawing } from './sheet.ts';

const oak: [string, string] = ['#8a6a48', '#6d5238'];
const slate: [string, string] = ['#4a4f55', '#33373c'];

function supermarket(): Drawing {
  const sheet = createSheet({
    width: 620,
    margin: 42,
    font: 'Liberation Mono',
    size: 23,
    ink: '#2b2b30',
    leading: 1.32,
  });
  sheet.center('GREENFIELD', { size: 46, bold: true, font: 'Liberation Sans', spacing: 2 });
  sheet.center('FRESH MARKET', { size: 24, font: 'Liberation Sans', spacing: 6 });
  sheet.space(10);
  sheet.center('114 Station Road, Oakham LE15 6QU');
  sheet.center('Tel 01572 555 0142');
  sheet.center('VAT No. GB 293 5521 88');
  sheet.rule({ dash: '8 6' });
  sheet.pair('14/03/2024  17:42', 'Till 04');
  sheet.pair('Cashier: Priya', 'Trans 88213');
  sheet.rule({ dash: '8 6' });
  for (const [item, price] of [
    ['SEMI SKIMMED MILK 2L', '1.55'],
    ['SOURDOUGH LOAF 800G', '2.80'],
    ['FREE RANGE EGGS X12', '3.35'],
    ['BANANAS LOOSE', '0.92'],
    ['  0.868 kg @ 1.06/kg', ''],
    ['MATURE CHEDDAR 400G', '4.10'],
    ['TOMATOES ON VINE', '1.90'],
    ['WASHING UP LIQUID', '1.25'],
    ['CHOCOLATE 70% 2 FOR 3', '3.00'],
  ] as const)
    if (price) sheet.pair(item, price);
    else sheet.line(item);
  sheet.rule({ dash: '8 6' });
  sheet.pair('SUBTOTAL', '18.87');
  sheet.pair('MULTIBUY SAVING', '-0.50');
  sheet.pair('TOTAL GBP', '£18.37', { size: 32, bold: true });
  sheet.pair('CASH', '£20.00');
  sheet.pair('CHANGE DUE', '£1.63');
  sheet.rule({ dash: '8 6' });
  sheet.center('9 ITEMS');
  sheet.center('Thank you for shopping with us', { font: 'Liberation Sans' });
  sheet.center('Please keep your receipt', { font: 'Liberation Sans' });
  drawBarcode(sheet, { seed: 11, height: 74, from: 110, to: 510 });
  sheet.center('5012 8821 3040 7');
  return sheet.finish();
}

function diner(): Drawing {
  const sheet = createSheet({
    width: 560,
    margin: 44,
    font: 'DejaVu Sans Mono',
    size: 20,
    ink: '#3a3444',
    leading: 1.42,
  });
  sheet.center("Rosie's Corner Diner", { size: 34, bold: true, italic: true, font: 'DejaVu Serif' });
  sheet.center('2207 Alder Street');
  sheet.center('Portland, OR 97205');
  sheet.center('(503) 555-0177');
  sheet.space(14);
  sheet.pair('Table 12', 'Guests: 2');
  sheet.pair('Server: Marcus', 'Check 3381');
  sheet.line('Jul 19, 2023  12:58 PM');
  sheet.rule({ thickness: 1 });
  for (const [quantity, item, price] of [
    ['2', 'Drip Coffee', '7.00'],
    ['1', 'Blueberry Pancakes', '12.50'],
    ['1', 'Club Sandwich', '14.25'],
    ['1', 'Side Sweet Fries', '5.50'],
    ['1', 'Key Lime Pie', '6.75'],
  ] as const)
    sheet.cells([{ text: quantity }, { text: item, x: 84 }, { text: price, align: 'end' }]);
  sheet.rule({ thickness: 1 });
  sheet.pair('Food & Beverage', '$46.00');
  sheet.pair('Tip', '$9.00');
  sheet.pair('Amount Paid', '$55.00', { size: 25, bold: true });
  sheet.space(10);
  sheet.line('VISA CREDIT  **** **** **** 4410');
  sheet.line('Auth 071932   APPROVED');
  sheet.space(10);
  sheet.center('Gratuity is never included');
  sheet.center('Thank you! Come back soon');
  return sheet.finish();
}

function pharmacy(): Drawing {
  const sheet = createSheet({
    width: 640,
    margin: 40,
    font: 'Liberation Sans',
    size: 22,
    ink: '#25252b',
    leading: 1.36,
  });
  sheet.draw('<path d="M302 44h36v24h24v36h-24v24h-36v-24h-24v-36h24z" fill="#3a3a40"/>');
  sheet.moveTo(136);
  sheet.center('Apotheke am Lindenplatz', { size: 32, bold: true });
  sheet.center('Lindenplatz 3 · 50674 Köln');
  sheet.center('Telefon 0221 5550 188');
  sheet.rule({ thickness: 3 });
  sheet.pair('Datum 02.11.2023', 'Uhrzeit 09:17');
  sheet.pair('Bon-Nr. 40771', 'Kasse 2');
  sheet.rule({ thickness: 1 });
  sheet.pair('Artikel', 'EUR', { bold: true });
  for (const [item, price] of [
    ['Ibuprofen 400 mg 20 Stück', '5,49'],
    ['Nasenspray Meerwasser 20 ml', '4,95'],
    ['Hustentee mit Thymian', '3,79'],
    ['Pflaster Standard 6 cm x 1 m', '2,85'],
  ] as const)
    sheet.pair(item, price);
  sheet.rule({ thickness: 1 });
  sheet.pair('Summe EUR', '17,08', { size: 30, bold: true });
  sheet.pair('Bar gegeben', '20,00');
  sheet.pair('Rückgeld', '2,92');
  sheet.space(8);
  sheet.pair('Netto 14,35', 'MwSt. 19 % 2,73', { size: 19 });
  sheet.rule({ thickness: 1 });
  sheet.center('Es bediente Sie Frau Kessler', { size: 19 });
  sheet.center('Vielen Dank für Ihren Einkauf!', { size: 22, bold: true });
  return sheet.finish();
}

function hardware(): Drawing {
  const sheet = createSheet({
    width: 700,
    margin: 46,
    font: 'Liberation Mono',
    size: 21,
    ink: '#333a5c',
    leading: 1.38,
  });
  sheet.line('BAYSIDE TOOLS & HARDWARE', { size: 30, bold: true });
  sheet.line('Shop 5, 88 Harbour Parade');
  sheet.line('Fremantle WA 6160');
  sheet.line('ABN 51 555 010 424');
  sheet.space(12);
  sheet.line('TAX INVOICE / SALES RECEIPT', { bold: true });
  sheet.pair('Date: 28 Sep 2022', 'Time: 10:06 AM');
  sheet.pair('Register 1', 'Receipt # 0022719');
  sheet.rule({ dash: '3 5' });
  sheet.cells([
    { text: 'QTY' },
    { text: 'DESCRIPTION', x: 120 },
    { text: 'EACH', x: 520, align: 'end' },
    { text: 'AUD', align: 'end' },
  ]);
  sheet.rule({ dash: '3 5' });
  for (const [quantity, item, each, total] of [
    ['1', 'CORDLESS DRILL 18V', '149.00', '149.00'],
    ['2', 'DRILL BIT SET HSS', '24.50', '49.00'],
    ['4', 'WALL PLUG 8MM X100', '6.95', '27.80'],
    ['1', 'SPIRIT LEVEL 600MM', '32.00', '32.00'],
  ] as const)
    sheet.cells([
      { text: quantity },
      { text: item, x: 120 },
      { text: each, x: 520, align: 'end' },
      { text: total, align: 'end' },
    ]);
  sheet.rule({ dash: '3 5' });
  sheet.pair('Total incl. GST', 'AUD 257.80', { size: 27, bold: true });
  sheet.pair('GST included', '23.44');
  sheet.pair('EFTPOS DEBIT', '257.80');
  sheet.pair('Change', '0.00');
  sheet.rule({ dash: '3 5' });
  sheet.line('Returns within 30 days with this receipt.');
  sheet.line('Thank you, please come again');
  drawBarcode(sheet, { seed: 47, height: 60, from: 46, to: 420 });
  return sheet.finish();
}

const receipts: { file: string; drawing: () => Drawing; note: string; look: PaperLook }[] = [
  {
    file: 'receipt-supermarket.jpg',
    drawing: supermarket,
    note: 'English till receipt in pounds, paid in cash',
    look: { seed: 1, angle: -0.6, paper: '#f6f4ee', table: oak, border: 46, torn: true },
  },
  {
    file: 'receipt-diner.jpg',
    drawing: diner,
    note: 'American restaurant check in dollars, paid by card',
    look: { seed: 2, angle: 0.8, paper: '#fbfaf6', table: slate, border: 38, torn: true },
  },
  {
    file: 'receipt-pharmacy-de.jpg',
    drawing: pharmacy,
    note: 'German pharmacy receipt in euros, decimal commas',
    look: { seed: 3, angle: 0.4, paper: '#f3f1e8', table: ['#c9c4ba', '#a8a196'], border: 40, noise: 8 },
  },
  {
    file: 'receipt-hardware.jpg',
    drawing: hardware,
    note: 'Australian receipt with columns, headed "tax invoice" but paid at the till',
    look: { seed: 4, angle: -0.3, paper: '#eef0f2' },
  },
];

/** Till receipts of four countries. */
export const receiptSamples = (): Promise<Sample[]> =>
  Promise.all(
    receipts.map(async ({ file, drawing, note, look }) => {
      const drawn = drawing();
      const bytes = await (await photograph(drawn, look)).jpeg({ quality: 72 }).toBuffer();
      return { file, kind: 'receipt' as const, text: drawn.text, folder: 'Receipts', note, bytes };
    }),
  );
