import { cleanFolderPath } from '@image-organizer/contracts/folder-path';
import { callbackUrl } from '@image-organizer/contracts/http/callback-url';
import { InvalidInputError } from '@image-organizer/platform/errors';
import type { Request } from 'express';
import { z } from 'zod';
import { invalidInput } from './invalid-input.ts';

const fields = z.object({
  folder: z
    .string('must be given once')
    .transform(cleanFolderPath)
    .refine((path) => path !== '', 'is no folder path: nothing is left of it without unsafe characters')
    .optional(),
  notify: z.enum(['true', 'false'], 'must be true or false').default('true'),
  callbackUrl: callbackUrl.optional(),
});

export interface UploadFields {
  folder: string | null;
  notify: boolean;
  callbackUrl: string | null;
}

/** The text fields of an upload; those that mean nothing here are left alone. @throws InvalidInputError */
export function readUploadFields(body: Record<string, unknown>): UploadFields {
  const parsed = fields.safeParse(body);
  if (!parsed.success) throw invalidInput('The upload has wrong fields', parsed.error);
  const { data } = parsed;
  return {
    folder: data.folder ?? null,
    notify: data.notify === 'true',
    callbackUrl: data.callbackUrl ?? null,
  };
}

/** @throws InvalidInputError */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.get('idempotency-key');
  if (key === undefined) return null;
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  const detail = 'must be 1 to 255 printable ASCII characters';
  throw new InvalidInputError(`Idempotency-Key ${detail}.`, [{ field: 'Idempotency-Key', detail }]);
}
