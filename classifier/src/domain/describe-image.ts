import type { ImageToClassify } from './classifier.ts';
import { findDate } from './find-date.ts';
import { findSender } from './find-sender.ts';
import { findTotal } from './find-total.ts';
import { textOf } from './image-words.ts';
import { type PhotoFacts, photoFacts } from './photo-folder.ts';

/** What a decision says of the image itself, wherever it goes. */
export interface Description {
  caption: string;
  /** Lower case, at most 5. */
  tags: string[];
}

const mostTags = 5;
const longestTag = 40;
const withTotal = ['receipt', 'invoice'];
const withSender = [
  ...withTotal,
  'letter',
  'bank statement',
  'payslip',
  'insurance document',
  'medical document',
  'menu',
];

/** @param kind what it was found to be (`receipt`); null when that is not known */
export function describeImage(image: ImageToClassify, kind: string | null): Description {
  if (kind === 'photo') return describePhoto(photoFacts(image));
  return describeText(image, kind);
}

function describePhoto({ date, country, camera }: PhotoFacts): Description {
  const details = [
    country && `in ${country}`,
    date && `on ${date}`,
    camera && `with ${article(camera)} ${camera}`,
  ];
  const known = details.filter(Boolean);
  return {
    caption: known.length > 0 ? `Photo taken ${known.join(' ')}` : 'Photo',
    tags: tidyTags(['photo', date?.slice(0, 4), country]),
  };
}

function describeText(image: ImageToClassify, kind: string | null): Description {
  const text = textOf(image);
  const date = findDate(text);
  const sender = kind !== null && withSender.includes(kind) ? findSender(text) : undefined;
  const total = kind !== null && withTotal.includes(kind) ? findTotal(text) : undefined;
  const begin = capital(kind ?? (text.trim() ? 'picture with text' : 'picture'));
  const from = sender ? `${begin} from ${sender}` : begin;
  return {
    caption: [from, date, total].filter(Boolean).join(', '),
    tags: tidyTags([...kindTags(kind), date?.slice(0, 4), photoFacts(image).country, sender]),
  };
}

/** `screenshot of a map` → screenshot, map */
const kindTags = (kind: string | null): string[] => kind?.split(/ of (?:an? )?/) ?? [];

/** Lower case, each once, at most 5 of at most 40 letters. */
export const tidyTags = (tags: (string | undefined)[]): string[] =>
  [...new Set(tags.filter((tag) => tag !== undefined).map((tag) => tag.toLowerCase()))]
    .filter((tag) => tag !== '' && tag.length <= longestTag)
    .slice(0, mostTags);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a`, or `an` before a vowel. */
export const article = (noun: string): string => (/^[aeiou]/i.test(noun) ? 'an' : 'a');
