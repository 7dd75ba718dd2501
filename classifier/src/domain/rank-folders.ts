import { unsortedFolder } from '@image-organizer/contracts/folder-path';
import type { FolderProfile, ImageToClassify, RankedFolder } from './classifier.ts';
import { createFolderComparison, type Likeness } from './folder-likeness.ts';
import { textOf, wordsOfImage } from './image-words.ts';
import { photoEvidence, photoFacts, photoFolder } from './photo-folder.ts';
import { createWordRepair } from './repair-words.ts';
import { type Signals, signalsOf } from './signals.ts';
import { documentsFolder, photosFolder, type TaxonomyEntry } from './taxonomy.ts';
import { type CompiledEntry, compileTaxonomy, type Evidence, taxonomyEvidence } from './taxonomy-points.ts';
import { wordsOf } from './words.ts';

/** A ranked folder with all that a decision needs to know of it. */
export interface Candidate extends RankedFolder {
  exists: boolean;
  /** The kind of image, where the starter taxonomy speaks for the folder. */
  kind: string | null;
  /** What else than words spoke for it. */
  means: string[];
  /** It is like what is in the folder, more than like the taxonomy's idea of it. */
  learnt: boolean;
}

/** One kind as it applies to one image: what it is called and what speaks for it. */
interface Kind extends Pick<TaxonomyEntry, 'path' | 'kind' | 'description'> {
  /** Its path and aliases, as `comparable` gives them: a folder called so is taken for it. */
  names: string[];
  commonWords: string[];
  evidence: Evidence;
}

const mostWords = 8;
/** Points of an image that is the same as the folder's contents; a human's folders outweigh every kind's usual points. */
const fullLikeness = { user: 36, auto: 22 } as const;
/** Below this cosine the likeness fades faster: most images of paper share a few words. */
const clearLikeness = 0.25;
/** The weaker of two kinds of evidence for one folder adds this share: they are seldom independent. */
const agreement = 0.25;
/** Points of another kind: what chance alone makes, and from which on "just a page of text" explains nothing any more. */
const byChance = 2;
const clearKind = 7;

/** @returns a function that ranks the owner's folders and new ones from the starter taxonomy, the best first */
export function createFolderRanking(): (image: ImageToClassify, folders: FolderProfile[]) => Candidate[] {
  const entries = compileTaxonomy();
  const compiledKinds = entries.map(compileKind);
  const repair = createWordRepair(entries.flatMap(({ terms }) => [...terms.keys()]));
  const compareWithFolders = createFolderComparison(
    entries.map(({ terms }) => [...terms.keys()].filter((term) => !term.includes(' '))),
  );
  return (image, folders) => {
    const text = textOf(image);
    const words = wordsOfImage(image, repair);
    const signals = signalsOf(image, text);
    const kinds = withoutPlainText([
      ...compiledKinds.map(({ compiled, kind }) => ({
        ...kind,
        evidence: taxonomyEvidence(compiled, words, signals, text),
      })),
      photoKind(image, signals),
    ]);
    const photoPath = photoFolder(photoFacts(image));
    const choosable = folders.filter((folder) => isChoosable(folder, photoPath));
    return rank(kinds, compareWithFolders(words, choosable));
  };
}

/** Photos/… made automatically are chosen by date and place, not by the words of what is in them already. */
const isChoosable = ({ path, createdBy }: FolderProfile, photoPath: string): boolean =>
  path !== unsortedFolder &&
  (createdBy === 'user' || path === photoPath || !path.startsWith(`${photosFolder}/`));

/** What of a kind is the same for every image. */
const compileKind = (compiled: CompiledEntry) => ({
  compiled,
  kind: {
    path: compiled.entry.path,
    kind: compiled.entry.kind,
    description: compiled.entry.description,
    names: [compiled.entry.path, ...(compiled.entry.aliases ?? [])].map(comparable),
    commonWords: typicalWords(compiled.terms),
  },
});

const typicalWords = (terms: CompiledEntry['terms']): string[] =>
  [...terms.values()]
    .filter(({ spelling }) => !spelling.includes(' '))
    .sort((one, other) => other.points - one.points)
    .map(({ spelling }) => spelling)
    .slice(0, 15);

function photoKind(image: ImageToClassify, signals: Signals): Kind {
  const { date, country } = photoFacts(image);
  const path = photoFolder({ date, country });
  const [, year, place] = path.split('/');
  return {
    path,
    names: [comparable(path)],
    kind: 'photo',
    description: ['Photos', year && `taken in ${year}`, place && `in ${place}`].filter(Boolean).join(' '),
    commonWords: wordsOf(`photo ${place ?? ''}`),
    evidence: photoEvidence(signals),
  };
}

/** Plain prose is a document only as long as no other kind explains it. */
function withoutPlainText(kinds: Kind[]): Kind[] {
  const best = Math.max(
    ...kinds.filter(({ path }) => path !== documentsFolder).map(({ evidence }) => evidence.points),
  );
  const left = Math.min(1, Math.max(0, (clearKind - best) / (clearKind - byChance)));
  return kinds.map((kind) =>
    kind.path === documentsFolder
      ? { ...kind, evidence: { ...kind.evidence, points: kind.evidence.points * left } }
      : kind,
  );
}

function rank(kinds: Kind[], likenesses: Likeness[]): Candidate[] {
  const unclaimed = new Map(kinds.flatMap((kind) => kind.names.map((name) => [name, kind])));
  /** Its former paths count: who renames a folder does not want another one for the same kind. */
  const claim = ({ path, formerPaths = [] }: FolderProfile): Kind | undefined => {
    const names = [path, ...formerPaths].map(comparable);
    const kind = names.map((name) => unclaimed.get(name)).find((found) => found !== undefined);
    kind?.names.forEach((name) => unclaimed.delete(name));
    return kind;
  };
  const existing = likenesses.map((likeness) => existingCandidate(likeness, claim(likeness.folder)));
  const proposed = [...new Set(unclaimed.values())].map(newCandidate);
  return [...existing, ...proposed]
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
}

/** Case, accents, punctuation and English plurals make no other folder; numbers do. */
export const comparable = (path: string): string =>
  path
    .split('/')
    .map((segment) => [...wordsOf(segment), ...(segment.match(/\d+/g) ?? [])].join(' '))
    .join('/');

function existingCandidate({ folder, cosine, words }: Likeness, kind: Kind | undefined): Candidate {
  const likeness = fullLikeness[folder.createdBy] * cosine * Math.min(1, cosine / clearLikeness);
  const points = kind?.evidence.points ?? 0;
  const learnt = likeness > points;
  return {
    folder: folder.path,
    exists: true,
    kind: kind?.kind ?? null,
    description: folder.description,
    commonWords: folder.commonWords,
    score: Math.max(likeness, points) + agreement * Math.min(likeness, points),
    matchedWords: [...new Set(learnt ? words : [...(kind?.evidence.words ?? []), ...words])].slice(
      0,
      mostWords,
    ),
    means: learnt ? [] : (kind?.evidence.means ?? []),
    learnt,
  };
}

const newCandidate = ({ path, kind, description, commonWords, evidence }: Kind): Candidate => ({
  folder: path,
  exists: false,
  kind,
  description,
  commonWords,
  score: evidence.points,
  matchedWords: evidence.words.slice(0, mostWords),
  means: evidence.means,
  learnt: false,
});
