import { createHash } from 'node:crypto';

const markOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * Puts a stranger's text between two marks that do not occur in it, so that it cannot end its own quotation. The same
 * text has the same marks: equal prompts stay equal.
 */
export function fence(text: string): { mark: string; fenced: string } {
  let mark = markOf(text);
  while (text.includes(mark)) mark = markOf(mark);
  return { mark, fenced: `<<<${mark}\n${text}\n${mark}>>>` };
}
