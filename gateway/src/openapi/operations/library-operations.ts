import { batch } from '@image-organizer/contracts/http/batch';
import { folderList } from '@image-organizer/contracts/http/folder';
import { stats } from '@image-organizer/contracts/http/stats';
import { batchExample, folderListExample, statsExample } from '../examples.ts';
import { json, type Operation } from '../operation.ts';

export const libraryOperations: Operation[] = [
  {
    id: 'getBatch',
    method: 'get',
    path: '/api/batches/{id}',
    tag: 'Uploads',
    summary: 'Progress of one upload',
    answers: { 200: json('How far it is, and its first images', batch, batchExample) },
  },
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
