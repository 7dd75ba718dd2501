import { credentials } from '@image-organizer/contracts/http/session';
import { z } from 'zod';

/** An address as accounts are kept: trimmed and lower-case, so that one person has one account. */
export const email = z.string().trim().toLowerCase().pipe(credentials.shape.email);
