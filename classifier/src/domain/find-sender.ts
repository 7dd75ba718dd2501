import { wordsOf } from './words.ts';

/** Legal forms: a line with one names a company. */
const company =
  /\b(sdn\.?\s?bhd|gmbh|ag|kg|ltd|limited|inc|llc|plc|corp|s\.?a\.?r?\.?l?|s\.?p\.?a|s\.?r\.?l|b\.?v|oy|ab|co)\b\.?/i;
/** Headings and salutations that stand where a sender could. */
const headings = new Set(
  wordsOf(
    'tax invoice receipt bill cash slip original copy statement welcome dear page rechnung quittung beleg facture recu factura recibo fattura ricevuta scontrino date datum simplified customer the to from order duplicate kassenbon bon report laboratory payslip entgeltabrechnung gehaltsabrechnung lohnabrechnung bulletin paie busta paga nomina kontoauszug releve estratto conto extracto cuenta de of',
  ),
);
const address =
  /\b(street|road|avenue|jalan|stra(ss|ß)e|lot|no|tel|fax|phone|rue|via|calle|plz|www|http|gst|vat|ust)\b|@/i;
const salutation =
  /^(dear|sehr geehrter?|lieber?|hallo|madame|monsieur|ch[eè]re?|estimad[oa]s?|querid[oa]|gentile|egregi[oa]|car[ao])\b/i;
const linesSearched = 6;
const longest = 50;

/** Who it is from, for receipts and letters: a company among the first lines, else the first line that is like a name. */
export function findSender(text: string): string | undefined {
  const lines = text
    .split('\n')
    .slice(0, linesSearched)
    .map((line) => line.trim())
    .filter(isPlausible);
  const line = lines.find((candidate) => company.test(candidate)) ?? lines[0];
  return line === undefined ? undefined : readable(line);
}

function isPlausible(line: string): boolean {
  const letters = line.match(/\p{L}/gu)?.length ?? 0;
  const words = wordsOf(line);
  if (letters < 3 || letters < line.replace(/\s/g, '').length * 0.7 || words.length > 7) return false;
  if (/^\d/.test(line) || salutation.test(line)) return false;
  return !address.test(line) && words.some((word) => !headings.has(word));
}

/** Shouted names are written with capitals only where they begin; abbreviations stay. */
function readable(line: string): string {
  const text = line
    .replace(/\s+/g, ' ')
    .replace(/[\s,;:*|-]+$/, '')
    .slice(0, longest)
    .trim();
  if (text !== text.toUpperCase()) return text;
  return text.replace(/\p{L}{4,}/gu, (word) => word[0] + word.slice(1).toLowerCase());
}
