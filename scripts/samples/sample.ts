/** One sample file; `manifest.json` has all of it but the bytes. */
export interface Sample {
  /** Path below e2e/samples. */
  file: string;
  kind:
    | 'receipt'
    | 'invoice'
    | 'letter'
    | 'recipe'
    | 'ticket'
    | 'screenshot'
    | 'bank-statement'
    | 'medical'
    | 'photo'
    | 'odd'
    | 'bad';
  /** What is written on it, line by line; empty where there is nothing to read. */
  text: string;
  /** The folder where it should land begins with this; null where nothing is to be expected. */
  folder: string | null;
  note: string;
  bytes: Buffer;
}
