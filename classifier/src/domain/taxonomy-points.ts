import type { ImageWords } from './image-words.ts';
import { signalNames, type Signals } from './signals.ts';
import { type TaxonomyEntry, taxonomy, wordPoints } from './taxonomy.ts';
import { wordsOf } from './words.ts';

/** A taxonomy entry with its words ready to be looked up. */
export interface CompiledEntry {
  entry: TaxonomyEntry;
  /** By word or phrase as `wordsOf` gives it: its points, and how the taxonomy spells it. */
  terms: Map<string, { points: number; spelling: string }>;
}

/** What speaks for a folder. */
export interface Evidence {
  points: number;
  /** Words and phrases of the image, the strongest first. */
  words: string[];
  /** What else spoke for it, for people: `an IBAN`. */
  means: string[];
}

/** A page full of words has a few of every kind's by chance: from this length on each counts for less. */
const usualLength = 150;
/** Points of words from which on signals count in full: without its words a kind's signals say nothing. */
const fullVoice = 3;

export const compileTaxonomy = (): CompiledEntry[] =>
  taxonomy.map((entry) => ({ entry, terms: termsOf(entry) }));

function termsOf(entry: TaxonomyEntry): CompiledEntry['terms'] {
  const terms: CompiledEntry['terms'] = new Map();
  for (const list of ['weak', 'fair', 'strong'] as const) {
    for (const term of entry[list]?.split(',') ?? []) {
      terms.set(wordsOf(term).join(' '), { points: wordPoints[list], spelling: term.trim() });
    }
  }
  return terms;
}

/** How much speaks for one kind of the starter taxonomy. @param text the part of it that is looked at */
export function taxonomyEvidence(
  { entry, terms }: CompiledEntry,
  image: ImageWords,
  signals: Signals,
  text: string,
): Evidence {
  const found = [...terms]
    .filter(([term]) => image.terms.has(term))
    .map(([term, { points, spelling }]) => ({ spelling, points: points * (image.terms.get(term) ?? 0) }))
    .sort((one, other) => other.points - one.points);
  const patterns = (entry.patterns ?? []).filter(({ regex }) => regex.test(text));
  const damping = Math.min(1, Math.sqrt(usualLength / Math.max(1, image.length)));
  const spoken = damping * sum(found.map(({ points }) => points)) + sum(patterns.map(({ points }) => points));
  const voice = entry.speaksBySignals ? 1 : Math.min(1, spoken / fullVoice);
  return {
    points: spoken + voice * signalPoints(entry, signals),
    words: withoutParts(found.map(({ spelling }) => spelling)),
    means: patterns.map(({ means }) => means),
  };
}

const signalPoints = (entry: TaxonomyEntry, signals: Signals): number =>
  sum(signalNames.map((name) => (entry.signals?.[name] ?? 0) * signals[name]));

/** `due date` says it all: `date` need not be named again. */
const withoutParts = (terms: string[]): string[] =>
  terms.filter((term) => !terms.some((other) => other !== term && ` ${other} `.includes(` ${term} `)));

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
