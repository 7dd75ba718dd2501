import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { cleanSegment } from '@image-organizer/contracts/folder-path';

/** What ext4, NTFS and APFS take at most; bytes of UTF-8 here. */
const longestName = 255;
const bytesOf = (text: string) => Buffer.byteLength(text);

/**
 * One name that every file system takes, with its extension. A name that had to be changed gets a mark of the name it
 * was, so that two names never become one file.
 * @param longest bytes of UTF-8
 */
export function safeName(name: string, longest = longestName): string {
  const cleaned = cleanSegment(name, name.length).replace(/^[. ]+/, ''); // no name is hidden
  if (cleaned !== '' && cleaned === name.normalize('NFC') && bytesOf(cleaned) <= longest) return cleaned;
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const extension = shortExtensionOf(cleaned);
  const stem = cleaned.slice(0, cleaned.length - extension.length);
  return `${cut(stem, longest - bytesOf(mark + extension))}${mark}${extension}`;
}

const shortExtensionOf = (name: string) => (bytesOf(extname(name)) <= 20 ? extname(name) : '');

/** As many whole characters as fit into so many bytes; never half a character as a person sees it. */
function cut(text: string, bytes: number): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (bytesOf(kept + segment) > bytes) break;
    kept += segment;
  }
  return kept.trimEnd();
}
