/** The words of what a person typed, punctuation and operators left out; empty when there is none. */
export const searchWords = (query: string): string[] =>
  query.normalize('NFC').match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
