import { batch } from '@image-organizer/contracts/http/batch';
import {
  importFields,
  importList,
  importQuery,
  importRowList,
  importRowQuery,
  importView,
} from '@image-organizer/contracts/http/import';
import { z } from 'zod';
import { batchExample, importExample, importListExample, importRowListExample } from '../examples.ts';
import { binary, json, type Operation } from '../operation.ts';

const tag = 'Imports';

const form = importFields.omit({ filename: true }).extend({
  file: z
    .string()
    .meta({ format: 'binary', description: 'Columns Serial Number, Product Name, Input Image Urls.' }),
});

const headers = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/)
    .optional()
    .meta({ description: 'A request repeated with the same key makes no second import.' }),
});

const start = (id: string, path: string): Operation => ({
  id,
  method: 'post',
  path,
  tag,
  summary: 'Import images by a CSV of their URLs',
  description:
    'The URLs of a row stand in one cell in quotation marks or in the rest of the row. Rows that cannot be imported are reported; the others are fetched.',
  headers,
  query: importFields,
  body: {
    required: true,
    content: {
      'multipart/form-data': { schema: form, example: { notify: 'false' } },
      'text/csv': {
        schema: { type: 'string' },
        example: 'Serial Number,Product Name,Input Image Urls\n1,Kettle,https://example.com/kettle.jpg\n',
      },
    },
  },
  answers: {
    202: {
      ...json('Its rows are recorded; the images are fetched now', importView, importExample),
      headers: z.object({ Location: z.string() }),
    },
  },
  problems: [422],
});

const csv = (id: string, path: string, summary: string): Operation => ({
  id,
  method: 'get',
  path,
  tag,
  summary,
  answers: {
    200: {
      description: 'A CSV; cells that begin like a formula have an apostrophe before it',
      headers: z.object({ 'Content-Disposition': z.string() }),
      content: { 'text/csv': { schema: binary } },
    },
  },
});

const change = (verb: string, summary: string): Operation => ({
  id: `${verb}Import`,
  method: 'post',
  path: `/api/imports/{id}/${verb}`,
  tag,
  summary,
  answers: { 200: json('As it is now', importView, importExample) },
  problems: [409],
});

const progress = (id: string, path: string): Operation => ({
  id,
  method: 'get',
  path,
  tag: 'Uploads',
  summary: 'Progress of one upload or import',
  answers: { 200: json('How far it is', z.union([batch, importView]), batchExample) },
});

export const importOperations: Operation[] = [
  start('startImport', '/api/imports'),
  start('uploadCsv', '/upload-csv'),
  csv('getSampleCsv', '/api/imports/sample.csv', 'A CSV to start from'),
  csv('downloadInputCsv', '/download-input-csv', 'A CSV to start from'),
  {
    id: 'listImports',
    method: 'get',
    path: '/api/imports',
    tag,
    summary: 'Imports, the newest first',
    query: importQuery,
    answers: { 200: json('One page', importList, importListExample) },
  },
  {
    id: 'getImport',
    method: 'get',
    path: '/api/imports/{id}',
    tag,
    summary: 'How far an import is',
    answers: { 200: json('Its counts and the first 100 errors', importView, importExample) },
  },
  {
    id: 'listImportRows',
    method: 'get',
    path: '/api/imports/{id}/rows',
    tag,
    summary: 'What has become of each row and URL',
    query: importRowQuery,
    answers: { 200: json('One page, in the order of the file', importRowList, importRowListExample) },
  },
  csv('getOutputCsv', '/api/imports/{id}/output.csv', 'The CSV with links to the compressed images'),
  csv('downloadOutputCsv', '/download-output-csv/{id}', 'The CSV with links to the compressed images'),
  csv('getErrorsCsv', '/api/imports/{id}/errors.csv', 'What has failed, to mend and send again'),
  change('pause', 'Fetch no more of it for now'),
  change('resume', 'Go on with it'),
  change('cancel', 'Fetch no more of it, for good'),
  progress('getStatus', '/status/{id}'),
  progress('checkStatus', '/check-status/{id}'),
];
