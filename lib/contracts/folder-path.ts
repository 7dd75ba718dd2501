/** Limits of a catalogue, so that no model fills it with nonsense. */
export const folderLimits = { depth: 4, segmentLength: 60, perOwner: 500 } as const;

/** Where an image goes that nothing can be said of. */
export const unsortedFolder = 'Unsorted';

// Control characters, what Windows or a shell chokes on, and invisible or direction-changing Unicode.
const unsafe = /[\u0000-\u001f\u007f-\u009f<>:"\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** One segment of a path as a name that every file system takes; empty when nothing is left of it. */
export function cleanSegment(segment: string, length: number = folderLimits.segmentLength): string {
  const cleaned = [
    ...segment.normalize('NFC').replace(unsafe, ' ').replaceAll('/', ' ').replace(/\s+/g, ' ').trim(),
  ]
    .slice(0, length)
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '');
  return reservedOnWindows.test(cleaned) ? `_${cleaned}` : cleaned;
}

/** A folder path with safe segments, at most `folderLimits.depth` of them; empty when nothing is left of it. */
export function cleanFolderPath(path: string): string {
  return path
    .split('/')
    .map((segment) => cleanSegment(segment))
    .filter((segment) => segment !== '')
    .slice(0, folderLimits.depth)
    .join('/');
}
