import type { Decision } from '@image-organizer/contracts/decision';
import type { Classifier, FolderProfile, ImageToClassify, RankedFolder } from './classifier.ts';
import { confidencesOf } from './confidence.ts';
import { describeImage } from './describe-image.ts';
import { explainChoice, explainDoubt, explainRequest } from './explain.ts';
import { type Candidate, createFolderRanking } from './rank-folders.ts';
import { target, targetUnsorted } from './target.ts';

/** Raised whenever the taxonomy or the weights change, so that stale decisions can be told. */
export const localStamp = { model: 'local', promptVersion: 'taxonomy-1' } as const;

const mostSuggestions = 5;

/** Where an image goes; the rest of a decision does not depend on it. */
type Placement = Omit<Decision, 'filename' | 'caption' | 'tags' | 'suggestions' | 'model' | 'promptVersion'>;

/** The embedded classifier: words, metadata and shape against the owner's folders and a starter taxonomy. No network. */
export interface LocalClassifier extends Classifier {
  /** The folders that may be the image's, existing ones and proposals, the best first; empty when nothing speaks for any. */
  rankFolders(image: ImageToClassify, folders: FolderProfile[]): RankedFolder[];
}

/** @param config.reviewBelow confidence under which an image goes to Unsorted for a person to look at */
export function createLocalClassifier(config: { reviewBelow: number }): LocalClassifier {
  const rank = createFolderRanking();
  return {
    stamp: `${localStamp.promptVersion}, review below ${config.reviewBelow}`,
    rankFolders: (image, folders) =>
      rank(image, folders).map(({ folder, score, matchedWords, description, commonWords }) => ({
        folder,
        score,
        matchedWords,
        description,
        commonWords,
      })),
    async decide(image, folders, { signal }) {
      signal.throwIfAborted();
      const ranked = rank(image, folders);
      const confidences = confidencesOf(ranked.map(({ score }) => score));
      const sure = (confidences[0] ?? 0) >= config.reviewBelow;
      return {
        filename: image.filename,
        ...place({ image, folders, ranked, confidences, sure }),
        ...describeImage(image, sure ? (ranked[0]?.kind ?? null) : null),
        suggestions: ranked.slice(0, mostSuggestions).map(({ folder }) => folder),
        ...localStamp,
      };
    },
  };
}

interface Ranking {
  image: ImageToClassify;
  folders: FolderProfile[];
  ranked: Candidate[];
  confidences: number[];
  sure: boolean;
}

function place(ranking: Ranking): Placement {
  if (ranking.image.requestedFolder !== null) return placeAsRequested(ranking.image.requestedFolder, ranking);
  const [best] = ranking.ranked;
  return best && ranking.sure ? placeInBest(best, ranking) : placeInUnsorted(ranking);
}

function placeAsRequested(folder: string, { folders, ranked }: Ranking): Placement {
  const proposed = ranked.find((candidate) => candidate.folder === folder);
  return {
    ...target(folder, folders, proposed ?? { description: '', commonWords: [] }),
    confidence: 1,
    reason: explainRequest,
    runnerUp: null,
    matchedWords: proposed?.matchedWords ?? [],
    needsReview: false,
  };
}

function placeInBest(best: Candidate, { folders, ranked, confidences }: Ranking): Placement {
  return {
    ...target(best.folder, folders, best),
    confidence: confidences[0] ?? 0,
    reason: explainChoice(best),
    runnerUp: runnerUp(ranked[1], confidences[1]),
    matchedWords: best.matchedWords,
    needsReview: false,
  };
}

function placeInUnsorted({ folders, ranked, confidences }: Ranking): Placement {
  return {
    ...targetUnsorted(folders),
    confidence: confidences[0] ?? 0,
    reason: explainDoubt(ranked[0]),
    runnerUp: runnerUp(ranked[0], confidences[0]),
    matchedWords: ranked[0]?.matchedWords ?? [],
    needsReview: true,
  };
}

const runnerUp = (candidate: Candidate | undefined, confidence = 0): Decision['runnerUp'] =>
  candidate ? { folder: candidate.folder, confidence } : null;
