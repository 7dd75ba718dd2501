import {
  imageCorrection,
  moveAnswer,
  moveRequest,
  trashQuery,
  undoBatchAnswer,
} from '@image-organizer/contracts/http/correction';
import { image, imageList } from '@image-organizer/contracts/http/image';
import { imageExample, imageListExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Corrections';
const folder = 'Shopping/Acme';
const placement = { ...imageExample.placement!, folder, by: 'user' as const };
const corrected = { ...imageExample, placement };
const deleted = { ...imageExample, deletedAt: '2026-11-21T10:00:00.000Z' };

export const correctionOperations: Operation[] = [
  {
    id: 'correctImage',
    method: 'patch',
    path: '/api/images/{id}',
    tag,
    summary: 'Say what is right: folder, file name, caption, tags',
    description: 'No machine overwrites it. What is not named stays as it is.',
    body: jsonBody(imageCorrection.meta({ minProperties: 1 }), { folder, tags: ['receipt'] }),
    answers: { 200: json('The image as it is now', image, corrected) },
  },
  {
    id: 'moveImages',
    method: 'post',
    path: '/api/images/move',
    tag,
    summary: 'Move many images into one folder',
    body: jsonBody(moveRequest, { ids: [imageExample.id], folder }),
    answers: { 200: json('Moved', moveAnswer, { folder, moved: 1 }) },
    problems: [404],
  },
  {
    id: 'undoPlacement',
    method: 'post',
    path: '/api/images/{id}/undo',
    tag,
    summary: 'Back to the placement before',
    answers: { 200: json('The image as it is now', image, imageExample) },
    problems: [409],
  },
  {
    id: 'undoBatch',
    method: 'post',
    path: '/api/batches/{id}/undo',
    tag,
    summary: 'Every image of an upload back to the placement before',
    answers: { 200: json('Undone', undoBatchAnswer, { undone: 1, unchanged: 0 }) },
  },
  {
    id: 'trashImage',
    method: 'delete',
    path: '/api/images/{id}',
    tag,
    summary: 'Into the trash',
    answers: { 204: { description: 'It is there, and can be restored' } },
  },
  {
    id: 'listTrash',
    method: 'get',
    path: '/api/trash',
    tag,
    summary: 'What is in the trash, deleted last first',
    query: trashQuery,
    answers: { 200: json('A page of them', imageList, { ...imageListExample, items: [deleted] }) },
  },
  {
    id: 'restoreImage',
    method: 'post',
    path: '/api/images/{id}/restore',
    tag,
    summary: 'Out of the trash, to where it was',
    answers: { 200: json('The image as it is now', image, imageExample) },
  },
];
