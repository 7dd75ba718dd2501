/** Kinds of numbers, counted in text. */
export interface NumberKinds {
  prices: number;
  times: number;
  quantities: number;
}

const price = /(?<![\d.,])\d{1,6}(?:[.,\s]\d{3})*[.,]\d{2}(?![\d.,]*\d)/g;
const time = /\b([01]?\d|2[0-3])[:.h][0-5]\d\b(?!\.)/g;
const quantity =
  /\b\d+(?:[.,/]\d+)?\s?(?:g|kg|ml|cl|dl|l|oz|lb|cups?|tsp|tbsp|el|tl|cs|cc|cucchiai\w*|tazas?)\b/gi;

/** How many numbers of each kind the text has. */
export const countNumbers = (text: string): NumberKinds => ({
  prices: text.match(price)?.length ?? 0,
  times: text.match(time)?.length ?? 0,
  quantities: text.match(quantity)?.length ?? 0,
});

/** The price nearest to the line's end, in its currency's units: `1.234,50` is 1234.5. */
export function lastPrice(line: string): number | undefined {
  const found = line.match(price)?.at(-1);
  return found === undefined
    ? undefined
    : Number(`${found.slice(0, -3).replace(/\D/g, '')}.${found.slice(-2)}`);
}
