import { exportQuery } from '@image-organizer/contracts/http/export';
import { z } from 'zod';
import { binary, type Operation } from '../operation.ts';

const exported = (id: string, path: string, summary: string): Operation => ({
  id,
  method: 'get',
  path,
  tag: 'Export',
  summary,
  description: 'Originals in their folders; catalog.json, the last entry, tells all that is known of them.',
  answers: {
    200: {
      description: 'A ZIP, made while it is sent',
      headers: z.object({ 'Content-Disposition': z.string() }),
      content: { 'application/zip': { schema: binary } },
    },
  },
});

export const exportOperations: Operation[] = [
  {
    ...exported('exportFolder', '/api/folders/export.zip', 'A folder with all below it, or everything'),
    query: exportQuery,
    problems: [404],
  },
  exported('exportBatch', '/api/batches/{id}/export.zip', 'The images of one upload'),
];
