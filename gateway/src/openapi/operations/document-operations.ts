import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { docsFiles } from '../docs-page.ts';

const tag = 'This document';

export const documentOperations: Operation[] = [
  {
    id: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag,
    summary: 'This document, OpenAPI 3.1',
    access: 'anyone',
    uncounted: true,
    answers: {
      200: {
        description: 'The document',
        content: {
          'application/json': {
            schema: z.looseObject({ openapi: z.string() }),
            example: { openapi: '3.1.1' },
          },
        },
      },
    },
  },
  {
    id: 'getDocs',
    method: 'get',
    path: '/docs',
    tag,
    summary: 'A page to try it',
    access: 'anyone',
    uncounted: true,
    answers: {
      200: {
        description: 'The page',
        content: { 'text/html': { schema: z.string(), example: '<!doctype html>' } },
      },
    },
  },
  {
    id: 'getDocsFile',
    method: 'get',
    path: '/docs/{file}',
    tag,
    summary: 'What the page is made of',
    access: 'anyone',
    uncounted: true,
    params: z.object({ file: z.enum(docsFiles) }),
    answers: {
      200: {
        description: 'The file',
        content: { 'text/css': { schema: z.string() }, 'text/javascript': { schema: z.string() } },
      },
    },
  },
];
