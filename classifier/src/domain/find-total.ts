import { lastPrice } from './numbers.ts';
import { fold } from './words.ts';

/** Lines that name the amount to pay, the surest first. */
const totalLines = [
  /grand ?total|amount ?due|balance ?due|total ?due|nett? ?total|total ?amount|zu zahlen|zahlbetrag|rechnungsbetrag|gesamtbetrag|endbetrag|a payer|montant ttc|total ttc|importe total|total a pagar|totale (da pagare|complessivo)/,
  /\btotal(e|sumf?)?\b|\bsumme\b|\bgesamt\b|\btotaal\b/,
  /\bbetrag\b|\bmontant\b|\bimporte\b|\bimporto\b|\bamount\b/,
];
const notTheTotal =
  /sub ?-?total|sous.total|zwischensumme|subtotale|qty|items?\b|discount|saving|tax amount|before tax|excl|\bht\b|netto\b|rounding/;

const currencies: [RegExp, string][] = [
  [/\bRM\s?\d|\bMYR\b|\bRM\b/, 'MYR'],
  [/€|\bEUR\b|\beuros?\b/i, 'EUR'],
  [/£|\bGBP\b/, 'GBP'],
  [/\bCHF\b|\bSFr\b/, 'CHF'],
  [/\bUSD\b|\bUS\$/, 'USD'],
  [/\b(SGD|AUD|CAD|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|HKD|NZD|TRY)\b/, '$1'],
  [/₹/, 'INR'],
  [/¥/, 'JPY'],
  [/\$/, '$'],
];

/** The amount to pay with its currency, `20.00 MYR`, or without one where the text names none. */
export function findTotal(text: string): string | undefined {
  const amount = totalLines
    .map((pattern) => amountOn(text.split('\n'), pattern))
    .find((found) => found !== undefined);
  if (amount === undefined) return undefined;
  return [amount.toFixed(2), currencyOf(text)].filter(Boolean).join(' ');
}

/** On the line itself, or on the next one where a column was torn apart. */
function amountOn(lines: string[], pattern: RegExp): number | undefined {
  const amounts = lines.flatMap((line, index) => {
    const folded = fold(line);
    if (!pattern.test(folded) || notTheTotal.test(folded)) return [];
    return [lastPrice(line) ?? lastPrice(lines[index + 1] ?? '')].filter((amount) => amount !== undefined);
  });
  return amounts.at(-1);
}

function currencyOf(text: string): string | undefined {
  for (const [pattern, code] of currencies) {
    const found = pattern.exec(text);
    if (found) return code.replace('$1', found[1] ?? '');
  }
  return undefined;
}
