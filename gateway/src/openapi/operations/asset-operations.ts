import { imageStatus } from '@image-organizer/contracts/vocabulary';
import { z } from 'zod';
import type { ZodOpenApiResponseObject } from 'zod-openapi';
import { imageExample } from '../examples.ts';
import { binary, json, type Operation } from '../operation.ts';

const tag = 'Files';
const picture = { 'image/*': { schema: binary } };
const text = {
  'text/plain': { schema: z.string(), example: imageExample.text },
};

const pending = z.object({ id: z.uuid(), status: imageStatus, detail: z.string() }).meta({ id: 'Pending' });
const pendingAnswer = {
  ...json('Not made yet: ask again after Retry-After seconds', pending, {
    id: imageExample.id,
    status: 'processing',
    detail: 'This is not made yet: ask again in a moment.',
  }),
  headers: z.object({ 'Retry-After': z.string() }),
};

const requestHeaders = z.object({
  Range: z.string().optional().meta({ description: 'bytes=0-1023; one range' }),
  'If-Range': z.string().optional(),
  'If-None-Match': z.string().optional().meta({ description: 'The ETag of the copy that the client has.' }),
});
const headers = z.object({
  ETag: z.string(),
  'Content-Disposition': z.string(),
  'X-Image-Caption': z.string().optional().meta({ description: 'Percent-encoded UTF-8' }),
});

/** RFC 9110, as send-asset.ts has it. */
const fileAnswers = (content: ZodOpenApiResponseObject['content']) => ({
  200: { description: 'The bytes', headers, content },
  202: pendingAnswer,
  206: { description: 'The range', headers: headers.extend({ 'Content-Range': z.string() }), content },
  304: { description: 'The client has it', headers: headers.pick({ ETag: true }) },
});

const ofImage = (
  id: string,
  path: string,
  summary: string,
  content: ZodOpenApiResponseObject['content'] = picture,
): Operation => ({
  id,
  method: 'get',
  path: `/api/images/{id}/${path}`,
  tag,
  summary,
  query: z.object({ download: z.string().optional().meta({ description: '1: to be saved, not shown' }) }),
  headers: requestHeaders,
  answers: fileAnswers(content),
  problems: [409, 416],
});

export const assetOperations: Operation[] = [
  ofImage('getOriginal', 'original', 'The file as it was uploaded'),
  ofImage('getText', 'text', 'What is written in it', text),
  ofImage('getCompressed', 'compressed', 'A smaller JPEG of it'),
  ofImage('getSmallThumbnail', 'thumbnails/small', 'A small thumbnail'),
  ofImage('getMediumThumbnail', 'thumbnails/medium', 'A larger thumbnail'),
  {
    id: 'download',
    method: 'get',
    path: '/download',
    tag,
    summary: 'Any of these files by its file id, with a token or by a signed link',
    access: 'token-or-link',
    query: z.object({
      fid: z.string().meta({
        description: 'The image’s id, or `<id>.text`, `.compressed`, `.small`, `.medium`.',
        example: `${imageExample.id}.text`,
      }),
      expires: z.string().optional().meta({ description: 'Of a signed link' }),
      signature: z.string().optional().meta({ description: 'Of a signed link' }),
    }),
    headers: requestHeaders,
    answers: fileAnswers({ ...picture, ...text }),
    problems: [403, 404, 409, 416],
  },
];
