import type { ImageMetadata } from '@image-organizer/contracts/http/image';
import type { ImageToClassify } from './classifier.ts';
import { countNumbers } from './numbers.ts';
import { fold, isStopWord, wordsOf } from './words.ts';

export const signalNames = [
  'screenName',
  'screenSize',
  'screenShape',
  'screenText',
  'slideShape',
  'photoName',
  'photographic',
  'camera',
  'takenAt',
  'location',
  'scanName',
  'textless',
  'shortText',
  'prose',
  'prices',
  'times',
  'quantities',
] as const;
export type SignalName = (typeof signalNames)[number];

/** How much of each signal an image shows: 0 (not at all) to 1. */
export type Signals = Record<SignalName, number>;

/** Widths and heights of screens in pixels, the longer side first: desktops, laptops, telephones, tablets. */
const screenSizes = new Set(
  (
    '1280x720 1366x768 1440x900 1536x864 1600x900 1680x1050 1920x1080 1920x1200 2560x1080 2560x1440 2560x1600 2880x1800 ' +
    '3024x1964 3440x1440 3456x2234 3840x2160 1280x800 1280x1024 ' +
    '1136x640 1334x750 1792x828 2208x1242 2436x1125 2532x1170 2556x1179 2688x1242 2778x1284 2796x1290 2622x1206 2868x1320 ' +
    '1520x720 1600x720 2160x1080 2220x1080 2280x1080 2310x1080 2340x1080 2376x1080 2400x1080 2408x1080 2560x1440 3040x1440 ' +
    '3120x1440 3200x1440 2048x1536 2160x1620 2224x1668 2360x1640 2388x1668 2732x2048'
  ).split(' '),
);
/** Long to short side of screens that are like nothing else. */
const screenRatios = [16 / 9, 16 / 10, 19.5 / 9, 20 / 9, 21 / 9];

const screenName =
  /screen.?shot|screen.?(grab|cap)|bildschirmfoto|capture.?d.?ecran|captura.?de.?(pantalla|tela)|schermata|istantanea|skarmavbild|schermafbeelding|zrzut|スクリーンショット|屏幕截图|截屏/;
const photoName =
  /^(img|dsc|dscn|dscf|pxl|mvimg|p\d{7}|gopr|dji|sam|imgp|cimg|photo|foto)[_-]?\d|^\d{8}_\d{6}/;
const scanName = /\bscan|scanner|scanned|adobe.?scan|\bdoc[_-]?\d/;

/** What name, shape, metadata and the numbers in the text say, without understanding a word. */
export function signalsOf(image: Pick<ImageToClassify, 'filename' | 'metadata'>, text: string): Signals {
  const words = wordsOf(text);
  return {
    ...nameSignals(fold(image.filename)),
    ...shapeSignals(image.metadata, words.length),
    ...textSignals(text, words),
  };
}

function nameSignals(name: string) {
  return {
    screenName: Number(screenName.test(name)),
    photoName: Number(photoName.test(name)),
    scanName: Number(scanName.test(name)),
  };
}

function shapeSignals(metadata: ImageMetadata | null, words: number) {
  const {
    width = 1,
    height = 1,
    format = '',
    camera = null,
    takenAt = null,
    location = null,
  } = metadata ?? {};
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  const screenSize = Number(camera === null && screenSizes.has(`${long}x${short}`));
  const screenLike = screenRatios.some((ratio) => Math.abs(long / short / ratio - 1) < 0.01);
  return {
    screenSize,
    screenShape: Number(camera === null && short >= 600 && screenLike && ['png', 'webp'].includes(format)),
    screenText: Number(screenSize === 1 && words >= 8),
    slideShape: Number(
      width > height && [16 / 9, 4 / 3].some((ratio) => Math.abs(width / height / ratio - 1) < 0.02),
    ),
    photographic: Number(
      ['jpeg', 'webp', 'gif'].includes(format) && long * short >= 200_000 && long / short <= 2,
    ),
    camera: Number(camera !== null),
    takenAt: Number(takenAt !== null),
    location: Number(location !== null),
  };
}

function textSignals(text: string, words: string[]) {
  const { prices, times, quantities } = countNumbers(text);
  return {
    // A few words (a sign in the street, a name on a boat) do not make a photo a document.
    textless: 1 / (1 + (words.length / 10) ** 2),
    shortText: Number(words.length >= 4 && words.length <= 40),
    prose: proseOf(words),
    prices: Math.min(1, prices / 4),
    times: Math.min(1, times / 4),
    quantities: Math.min(1, quantities / 4),
  };
}

/** Sentences have words of grammar, lists have few; 25 words begin to be a text, 80 are one. */
function proseOf(words: string[]): number {
  const grammar = words.filter(isStopWord).length / Math.max(1, words.length);
  return clamp((words.length - 15) / 40) * clamp((grammar - 0.15) / 0.15);
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
