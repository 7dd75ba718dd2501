import { createHash, randomBytes } from 'node:crypto';

/** What is kept of a secret text. 256 random bits need no salt and no slow hash. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** 256 random bits as base64url, and what is kept of them. */
export function newSecretText(prefix = ''): { text: string; hash: string } {
  const text = prefix + randomBytes(32).toString('base64url');
  return { text, hash: hashOf(text) };
}
