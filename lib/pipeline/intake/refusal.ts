/** Why one file of an upload was not taken. */
export interface Refusal {
  code: 'UNSUPPORTED_IMAGE' | 'EMPTY_FILE' | 'FILE_TOO_LARGE' | 'QUOTA_EXCEEDED' | 'CSV_NOT_ALONE';
  detail: string;
}

export const tooLarge = (maxBytes: number): Refusal => ({
  code: 'FILE_TOO_LARGE',
  detail: `The file is larger than ${maxBytes} bytes.`,
});

export interface RefusedFile extends Refusal {
  filename: string;
}
