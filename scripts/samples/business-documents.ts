import { createSheet, type Drawing, type Sheet, type TextStyle } from './sheet.ts';

/** A4 at 120 dpi, px. */
export const a4 = { width: 992, height: 1403 };

/** A row of a table: first column at the left margin, the others right-aligned at `columns` px. */
function row(sheet: Sheet, texts: readonly string[], columns: number[], style: TextStyle = {}) {
  sheet.cells(
    texts.map((text, index) =>
      index ? { text, x: columns[index - 1]!, align: 'end' as const, ...style } : { text, ...style },
    ),
  );
}

export function designInvoice(): Drawing {
  const sheet = createSheet({
    width: a4.width,
    margin: 84,
    font: 'Liberation Sans',
    size: 20,
    ink: '#2a2f38',
  });
  sheet.draw(
    '<rect width="992" height="14" fill="#1f6f78"/><circle cx="108" cy="118" r="26" fill="#1f6f78"/><circle cx="130" cy="118" r="26" fill="#e3a857" opacity="0.85"/>',
  );
  sheet.moveTo(92);
  sheet.cells([
    { text: 'Studio Halden', x: 172, size: 32, bold: true },
    { text: 'INVOICE', align: 'end', size: 40, bold: true, ink: '#1f6f78' },
  ]);
  sheet.space(34);
  sheet.pair('14 Wharf Lane, Bristol BS1 4RN', 'Invoice number  SH-2024-0117');
  sheet.pair('hello@studiohalden.example', 'Invoice date  12 February 2024');
  sheet.pair('VAT GB 361 5550 27', 'Due date  13 March 2024');
  sheet.space(40);
  sheet.line('Bill to', { bold: true, ink: '#1f6f78' });
  sheet.line('Northgate Coffee Roasters Ltd');
  sheet.line('Accounts Payable');
  sheet.line('7 Foundry Street, Leeds LS11 5QP');
  sheet.space(36);
  const columns = [620, 750, 908];
  row(sheet, ['Description', 'Hours', 'Rate', 'Amount'], columns, { bold: true });
  sheet.rule({ color: '#1f6f78' });
  for (const line of [
    ['Packaging design, three sizes', '26', '65.00', '1,690.00'],
    ['Label illustrations', '14', '65.00', '910.00'],
    ['Print preparation and proofs', '6', '55.00', '330.00'],
    ['Project meetings', '3', '55.00', '165.00'],
  ])
    row(sheet, line, columns);
  sheet.rule({ color: '#1f6f78' });
  sheet.space(10);
  row(sheet, ['', 'Subtotal', '3,095.00'], [750, 908]);
  row(sheet, ['', 'VAT 20%', '619.00'], [750, 908]);
  row(sheet, ['', 'Amount due', '£3,714.00'], [750, 908], { bold: true, size: 26 });
  sheet.space(60);
  sheet.line('Payment details', { bold: true, ink: '#1f6f78' });
  sheet.line('Bank transfer within 30 days of the invoice date.');
  sheet.line('Account name: Studio Halden    Sort code: 40-55-21    Account: 5550 3318');
  sheet.line('Please quote the invoice number with your payment.');
  sheet.space(30);
  sheet.line('Late payments carry interest of 8% a year above the base rate.', { size: 16, italic: true });
  return sheet.finish(a4.height);
}

export function electricityInvoice(): Drawing {
  const sheet = createSheet({ width: a4.width, margin: 90, font: 'DejaVu Sans', size: 18, ink: '#1d1d1f' });
  sheet.pair('PRAIRIE POWER & LIGHT', 'Page 1 of 1', { bold: true });
  sheet.line('PO Box 5550, Lincoln, NE 68501');
  sheet.rule({ thickness: 5, color: '#c8501e' });
  sheet.space(24);
  sheet.line('Electricity invoice', { size: 32, font: 'DejaVu Serif' });
  sheet.space(18);
  sheet.pair('Customer: Dana Whitfield', 'Account 7730-5521-08');
  sheet.pair('Service address: 431 Juniper Ct', 'Invoice no. 90218834');
  sheet.pair('Lincoln, NE 68510', 'Invoice date 08/05/2022');
  sheet.space(20);
  sheet.draw(`<rect x="90" y="${sheet.y + 14}" width="812" height="120" rx="10" fill="#f7e7de"/>`);
  sheet.space(26);
  sheet.cells([
    { text: 'Please pay by 08/26/2022', x: 120, size: 22 },
    { text: '$142.63', x: 872, align: 'end', size: 40, bold: true },
  ]);
  sheet.line('Payment terms: net 21 days', { x: 120 });
  sheet.space(50);
  const columns = [600, 740, 902];
  row(sheet, ['Charges', 'Quantity', 'Rate', 'Amount'], columns, { bold: true });
  sheet.rule({ thickness: 1 });
  for (const line of [
    ['Customer charge', '1', '25.00', '25.00'],
    ['Energy, first 600 kWh', '600', '0.0914', '54.84'],
    ['Energy, above 600 kWh', '412', '0.1190', '49.03'],
    ['Fuel adjustment', '1,012', '0.0052', '5.26'],
    ['State and city tax', '', '', '8.50'],
  ])
    row(sheet, line, columns);
  sheet.rule({ thickness: 1 });
  row(sheet, ['Total amount due', '', '', '$142.63'], columns, { bold: true, size: 21 });
  sheet.space(34);
  sheet.line('Meter readings', { bold: true });
  sheet.line('Meter 55-21093   Jul 02: 48,110   Aug 02: 49,122   Usage 1,012 kWh');
  drawUsage(sheet);
  sheet.line('Average daily use in kWh over the last twelve months', { size: 15 });
  sheet.space(24);
  sheet.line('Remit payment with the invoice number on your check.');
  return sheet.finish(a4.height);
}

/** Bars without text. */
function drawUsage(sheet: Sheet) {
  const bottom = sheet.y + 150;
  const days = [22, 19, 17, 21, 27, 31, 29, 24, 19, 18, 25, 33];
  const bars = days.map(
    (use, month) =>
      `<rect x="${100 + month * 66}" y="${bottom - use * 3.6}" width="42" height="${use * 3.6}" fill="#c8501e" opacity="0.8"/>`,
  );
  sheet.draw(bars.join(''));
  sheet.moveTo(bottom);
}

export function bankStatement(): Drawing {
  const sheet = createSheet({
    width: a4.width,
    margin: 80,
    font: 'Liberation Sans',
    size: 19,
    ink: '#20242c',
  });
  sheet.draw(
    '<path d="M80 74l34-22 34 22v8H80zM86 88h10v30H86zM109 88h10v30h-10zM132 88h10v30h-10zM80 122h68v8H80z" fill="#123c6e"/>',
  );
  sheet.moveTo(64);
  sheet.cells([
    { text: 'Harbour Mutual Bank', x: 168, size: 30, bold: true, ink: '#123c6e' },
    { text: 'Account statement', align: 'end', size: 24 },
  ]);
  sheet.space(46);
  sheet.pair('Mr Tomas Lindqvist', 'Statement period: 1 to 31 May 2023');
  sheet.pair('Flat 6, 20 Quay Road', 'Statement number: 5');
  sheet.pair('Plymouth PL1 3DW', 'Sort code: 09-55-53');
  sheet.pair('', 'Account number: 5550 8172');
  sheet.pair('', 'IBAN: GB29 HARM 0955 5355 5081 72');
  sheet.space(26);
  const columns = [640, 770, 912];
  const transaction = ([date, what, out, paidIn, balance]: string[], style: TextStyle = {}) =>
    sheet.cells([
      { text: date!, ...style },
      { text: what!, x: 190, ...style },
      ...[out!, paidIn!, balance!].map((text, index) => ({
        text,
        x: columns[index]!,
        align: 'end' as const,
        ...style,
      })),
    ]);
  transaction(['Date', 'Transaction', 'Paid out', 'Paid in', 'Balance'], { bold: true });
  sheet.rule({ color: '#123c6e' });
  for (const line of [
    ['01 May', 'Opening balance', '', '', '1,204.16'],
    ['02 May', 'Standing order Rent', '725.00', '', '479.16'],
    ['04 May', 'Card payment Westbrook Rail', '38.40', '', '440.76'],
    ['09 May', 'Direct debit City Water', '31.25', '', '409.51'],
    ['12 May', 'Cash withdrawal', '60.00', '', '349.51'],
    ['15 May', 'Credit Salary Dunmore Ltd', '', '2,180.00', '2,529.51'],
    ['17 May', 'Transfer to savings', '400.00', '', '2,129.51'],
    ['21 May', 'Card payment Garden Centre', '54.99', '', '2,074.52'],
    ['26 May', 'Direct debit Broadband', '29.00', '', '2,045.52'],
    ['30 May', 'Interest', '', '1.12', '2,046.64'],
  ]) {
    transaction(line);
    sheet.rule({ thickness: 1, color: '#c7cfda' });
  }
  transaction(['31 May', 'Closing balance', '1,338.64', '2,181.12', '2,046.64'], { bold: true });
  sheet.space(50);
  sheet.paragraph(
    'Your deposits are protected up to the limit of the compensation scheme. Please check this statement and tell us of any transaction that you do not recognise.',
    92,
    { size: 16 },
  );
  return sheet.finish(1180);
}
