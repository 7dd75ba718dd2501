import { InvalidInputError } from '@image-organizer/platform/errors';
import type { z } from 'zod';

/** What zod found, one entry per wrong field. */
export function invalidInput(what: string, { issues }: z.ZodError): InvalidInputError {
  const fields = issues.map(({ path, message }) => ({ field: path.join('.'), detail: message }));
  const names = [...new Set(fields.map(({ field }) => field))].filter(Boolean).join(', ');
  return new InvalidInputError(names ? `${what}: ${names}.` : `${what}.`, fields);
}
