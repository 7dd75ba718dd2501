import { cleanSegment } from '@image-organizer/contracts/folder-path';
import type { ImageToClassify } from './classifier.ts';
import { countryAt } from './country.ts';
import type { Signals } from './signals.ts';
import { photosFolder } from './taxonomy.ts';
import type { Evidence } from './taxonomy-points.ts';

const points = { camera: 3, location: 2, takenAt: 2, photoName: 2, photographic: 1.5 } as const;

const meanings = { camera: 'a camera', location: 'a place', takenAt: 'the time it was taken' } as const;

/** When and where a picture was taken, as far as it says so itself. */
export interface PhotoFacts {
  /** `2008-10-22` */
  date?: string;
  country?: string;
  camera?: string;
}

export function photoFacts({ metadata }: Pick<ImageToClassify, 'metadata'>): PhotoFacts {
  return {
    date: metadata?.takenAt?.slice(0, 10),
    country: metadata?.location ? countryAt(metadata.location) : undefined,
    camera: metadata?.camera ?? undefined,
  };
}

/** `Photos/<year>/<country>` as far as both are known; a country without a year says little, so then `Photos`. */
export function photoFolder({ date, country }: PhotoFacts): string {
  if (date === undefined) return photosFolder;
  return [photosFolder, date.slice(0, 4), country && cleanSegment(country)].filter(Boolean).join('/');
}

/** How much speaks for a photograph: less with every word that can be read in it. */
export function photoEvidence(signals: Signals): Evidence {
  const names = Object.keys(points) as (keyof typeof points)[];
  const told = Object.keys(meanings) as (keyof typeof meanings)[];
  return {
    points: signals.textless * names.reduce((total, name) => total + points[name] * signals[name], 0),
    words: [],
    means: told.filter((name) => signals[name] > 0).map((name) => meanings[name]),
  };
}
