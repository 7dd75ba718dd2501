import { batch } from '@image-organizer/contracts/http/batch';
import { folderList } from '@image-organizer/contracts/http/folder';
import { stats } from '@image-organizer/contracts/http/stats';
import { batchExample, folderListExample, statsExample } from '../examples.ts';
import { json, type Operation } from '../operation.ts';

const progress = (id: string, path: string): Operation => ({
  id,
  method: 'get',
  path,
  tag: 'Uploads',
  summary: 'Progress of one upload',
  answers: { 200: json('How far it is, and its first images', batch, batchExample) },
});

export const libraryOperations: Operation[] = [
  progress('getBatch', '/api/batches/{id}'),
  progress('getStatus', '/status/{id}'),
  progress('checkStatus', '/check-status/{id}'),
  {
    id: 'listFolders',
    method: 'get',
    path: '/api/folders',
    tag: 'Library',
    summary: 'The folders',
    answers: { 200: json('All of them', folderList, folderListExample) },
  },
  {
    id: 'getStats',
    method: 'get',
    path: '/api/stats',
    tag: 'Library',
    summary: 'Counts, rates, times and cost',
    answers: { 200: json('Of your images', stats, statsExample) },
  },
];
