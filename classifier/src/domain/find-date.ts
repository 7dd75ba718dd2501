import { fold } from './words.ts';

const months: Record<string, number> = Object.fromEntries(
  [
    'jan janv gen ene',
    'feb fev',
    'mar mrz',
    'apr avr abr',
    'may mai mag mayo',
    'jun juin giu',
    'jul juil lug',
    'aug aou ago',
    'sep set',
    'oct okt ott',
    'nov',
    'dec dez dic',
  ].flatMap((names, index) => names.split(' ').map((name) => [name.slice(0, 4), index + 1])),
);

const yearFirst = /(?<!\d)((?:19|20)\d\d)[-./]([01]?\d)[-./]([0-3]?\d)(?!\d)/;
const longYear = /(?<![\d.,])([0-3]?\d)\s?[-./]\s?([0-3]?\d)\s?[-./]\s?((?:19|20)\d\d)(?!\d|[.,]\d)/;
const shortYear = /(?<![\d.,-])([0-3]?\d)\s?[-./]\s?([0-3]?\d)\s?[-./]\s?(\d\d)(?!\d|[-.,]\d)/;
const dayMonthName =
  /(?<!\d)([0-3]?\d)(?:st|nd|rd|th|er|\.|º)?[\s\-/]{0,2}(?:de |di )?([a-z]{3,10})\.?[\s\-/,]{0,2}(?:de |del )?((?:19|20)\d\d|\d\d)(?!\d)/g;
const monthNameDay = /([a-z]{3,10})\.?\s([0-3]?\d)(?:st|nd|rd|th)?,?\s{0,2}((?:19|20)\d\d)(?!\d)/g;
/** State and ZIP code: there the month comes first. */
const american = /\b[A-Z]{2},? \d{5}(-\d{4})?\b/;

/** When a person was born is not when the paper was written. */
const birthday = /^.*\b(birth|born|dob|geburts\w*|geboren|naissance|nacimiento|nascita)\b.*$/gim;

/**
 * The first date of the text, as ISO 8601 (`2019-01-23`); birthdays are passed over, years with two digits are the last
 * resort, for many a number looks like that. Numeric dates are read day first, unless that is no date or the text has an
 * address in the United States.
 */
export function findDate(text: string): string | undefined {
  const relevant = text.replace(birthday, '');
  return (
    fromYearFirst(relevant) ??
    fromNumbers(relevant, longYear) ??
    fromNames(fold(relevant)) ??
    fromNumbers(relevant, shortYear)
  );
}

function fromYearFirst(text: string): string | undefined {
  const [, year, month, day] = yearFirst.exec(text) ?? [];
  return year === undefined ? undefined : isoDate(Number(year), Number(month), Number(day));
}

function fromNumbers(text: string, pattern: RegExp): string | undefined {
  const [, first, second, year] = pattern.exec(text) ?? [];
  if (year === undefined) return undefined;
  const dayFirst = isoDate(fullYear(year), Number(second), Number(first));
  const monthFirst = isoDate(fullYear(year), Number(first), Number(second));
  return american.test(text) ? (monthFirst ?? dayFirst) : (dayFirst ?? monthFirst);
}

function fromNames(text: string): string | undefined {
  const dates = [
    ...text.matchAll(dayMonthName).map(([, day, month, year]) => named(day, month, year)),
    ...text.matchAll(monthNameDay).map(([, month, day, year]) => named(day, month, year)),
  ];
  return dates.find((date) => date !== undefined);
}

function named(day = '', month = '', year = ''): string | undefined {
  const number = months[month.slice(0, 4)] ?? months[month.slice(0, 3)];
  return number === undefined ? undefined : isoDate(fullYear(year), number, Number(day));
}

function fullYear(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (Number(year) < 70 ? 2000 : 1900);
}

function isoDate(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.toISOString().slice(0, 10)
    : undefined;
}
