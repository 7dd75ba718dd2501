import { folder, folderChange, folderMerge, folderQuery } from '@image-organizer/contracts/http/folder';
import { folderListExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Folders';
const renamed = { ...folderListExample.items[0]!, path: 'Receipts/2024' };

export const folderOperations: Operation[] = [
  {
    id: 'changeFolder',
    method: 'patch',
    path: '/api/folders',
    tag,
    summary: 'Rename a folder with all below it, or describe it',
    description:
      'Its images keep who put them there and why. What names the old path means the new one. Interrupted, the same call goes on.',
    query: folderQuery,
    body: jsonBody(folderChange.meta({ minProperties: 1 }), { newPath: 'Receipts/2024' }),
    answers: { 200: json('The folder as it is now', folder, renamed) },
    problems: [404, 409],
  },
  {
    id: 'mergeFolders',
    method: 'post',
    path: '/api/folders/merge',
    tag,
    summary: 'Move all of one folder into another one',
    description: 'Folders below it become folders below the other. Interrupted, the same call goes on.',
    body: jsonBody(folderMerge, { from: 'Bills', into: 'Receipts/2024' }),
    answers: { 200: json('The folder that is left', folder, renamed) },
    problems: [404],
  },
  {
    id: 'removeFolder',
    method: 'delete',
    path: '/api/folders',
    tag,
    summary: 'Remove an empty folder, with empty ones below it',
    query: folderQuery,
    answers: { 204: { description: 'It is gone' } },
    problems: [404, 409],
  },
];
