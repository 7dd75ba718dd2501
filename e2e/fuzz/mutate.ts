type Random = () => number;

const below = (random: Random, limit: number) => Math.floor(random() * limit);
export const oneOf = <Item>(random: Random, items: readonly Item[]): Item =>
  items[below(random, items.length)]!;

/** Values at which parsers of lengths and counts go wrong. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const flipBits: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  const times = 1 + below(random, 16);
  for (let time = 0; time < times; time++) changed[below(random, changed.length)]! ^= 1 << below(random, 8);
  return changed;
};
const writeEdge: Mutation = (bytes, random) => {
  if (bytes.length < 4) return bytes;
  const changed = Buffer.from(bytes);
  const [value, at] = [oneOf(random, edges), below(random, changed.length - 3)];
  if (random() < 0.5) changed.writeUInt32BE(value, at);
  else changed.writeUInt32LE(value, at);
  return changed;
};
const truncate: Mutation = (bytes, random) => bytes.subarray(0, below(random, bytes.length));
const remove: Mutation = (bytes, random) => {
  const at = below(random, bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 64))]);
};
const repeat: Mutation = (bytes, random) => {
  const at = below(random, bytes.length);
  const part = bytes.subarray(at, at + 1 + below(random, 256));
  const copies = Array.from({ length: 1 + below(random, 64) }, () => part);
  return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]);
};
const insert: Mutation = (bytes, random) => {
  const at = below(random, bytes.length + 1);
  const noise = Buffer.from(Array.from({ length: 1 + below(random, 64) }, () => below(random, 256)));
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
};

const mutations = [flipBits, writeEdge, truncate, remove, repeat, insert];

/** The bytes with one to four things wrong, mostly near the beginning, where headers are. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const head = random() < 0.5 ? Math.min(bytes.length, 512) : bytes.length;
  let changed = bytes.subarray(0, head);
  const times = 1 + below(random, 4);
  for (let time = 0; time < times && changed.length > 0; time++)
    changed = oneOf(random, mutations)(changed, random);
  return Buffer.concat([changed, bytes.subarray(head)]);
}

const oddValues: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    0.1,
    2 ** 53,
    '',
    ' ',
    'a'.repeat(20_000),
    '\0',
    '\u202e',
    '../../etc/passwd',
  ],
  ...['__proto__', '{"$gt":""}', "' OR 1=1 --", '=cmd|1', '\ud800', '𝕏', '2026-99-99', 'NaN', '-Infinity'],
  ...[
    [],
    {},
    [[]],
    [null],
    { $ne: null },
    { length: 1e9 },
    { toString: 'x' },
    { constructor: { prototype: {} } },
  ],
];

const oddKeys = oddValues.filter((value) => typeof value === 'string');

/** A JSON value with some of its parts replaced, left out or doubled. */
export function mutateJson(value: unknown, random: Random, depth = 0): unknown {
  if (depth > 8 || random() < 0.15) return oneOf(random, oddValues);
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => (random() < 0.1 ? [] : [mutateJson(item, random, depth + 1)]));
    return random() < 0.1 ? Array.from({ length: 2_000 }, () => items[0]) : items;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
      if (random() < 0.1) return [];
      return [[random() < 0.05 ? oneOf(random, oddKeys) : key, mutateJson(part, random, depth + 1)]];
    });
    return Object.fromEntries(entries);
  }
  return value;
}

/** The text of a JSON value, now and then damaged, nested deeply or with a key that JSON.parse treats specially. */
export function mutateJsonText(value: unknown, random: Random): Buffer {
  const text = JSON.stringify(mutateJson(value, random)) ?? 'undefined';
  const luck = random();
  if (luck < 0.1) return mutateBytes(Buffer.from(text), random);
  if (luck < 0.13) return Buffer.from('['.repeat(20_000) + ']'.repeat(20_000));
  if (luck < 0.16) return Buffer.from(text.replace('{', '{"__proto__":{"admin":true},'));
  return Buffer.from(text);
}
