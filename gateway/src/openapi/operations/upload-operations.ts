import { callbackUrl } from '@image-organizer/contracts/http/callback-url';
import { importView } from '@image-organizer/contracts/http/import';
import { uploadAnswer } from '@image-organizer/contracts/http/upload';
import { z } from 'zod';
import { uploadExample } from '../examples.ts';
import { json, type Operation } from '../operation.ts';

const form = z.object({
  file: z
    .array(z.string().meta({ format: 'binary' }))
    .min(1)
    .meta({ description: 'Images: JPEG, PNG, WebP, GIF, TIFF, BMP. The field may have any name.' }),
  folder: z.string().max(500).optional().meta({ description: 'Where all of them go.' }),
  notify: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Whether an email tells when all is done.' }),
  callbackUrl: callbackUrl.optional().meta({
    description:
      'Called when all is done, as a webhook is; signed with the secret of /api/webhooks/callback-secret.',
  }),
});

const headers = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/)
    .optional()
    .meta({ description: 'A request repeated with the same key makes nothing a second time.' }),
});

const upload = (path: string, id: string): Operation => ({
  id,
  method: 'post',
  path,
  tag: 'Uploads',
  summary: 'Upload one or many images',
  description:
    'Files that are not taken are listed beside those that are. 413, 415 and 422 only where nothing was taken.',
  headers,
  body: {
    required: true,
    content: {
      'multipart/form-data': { schema: form, example: { folder: 'Receipts/2026', notify: 'true' } },
    },
  },
  answers: { 202: json('Stored; they are read now', uploadAnswer, uploadExample) },
  problems: [422],
});

export const uploadOperations: Operation[] = [
  upload('/api/images', 'uploadImages'),
  {
    ...upload('/upload', 'upload'),
    summary: 'Upload images, or one CSV to import, told by its content',
    answers: {
      202: json('Stored; they are read now', z.union([uploadAnswer, importView]), uploadExample),
    },
  },
];
