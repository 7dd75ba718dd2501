/** More than a process works on at a time. */
const limit = 50;

/** Documents as this process wrote them last: a guess at what they are now, which a compare-and-set proves. */
export interface LastWritten<Document> {
  /** Gives the guess away: who proves it wrong shall not meet it again. */
  take(id: string): Document | undefined;
  remember(id: string, document: Document): void;
}

/** Remembers the 50 documents that were written last. */
export function createLastWritten<Document>(): LastWritten<Document> {
  const documents = new Map<string, Document>();
  return {
    take(id) {
      const document = documents.get(id);
      documents.delete(id);
      return document;
    },
    remember(id, document) {
      documents.delete(id);
      documents.set(id, document);
      if (documents.size > limit) documents.delete(documents.keys().next().value!);
    },
  };
}
