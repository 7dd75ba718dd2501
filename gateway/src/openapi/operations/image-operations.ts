import {
  image,
  imageHistory,
  imageList,
  imageQuery,
  retryRequest,
} from '@image-organizer/contracts/http/image';
import { historyExample, imageExample, imageListExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Images';

export const imageOperations: Operation[] = [
  {
    id: 'listImages',
    method: 'get',
    path: '/api/images',
    tag,
    summary: 'Find images',
    query: imageQuery,
    answers: { 200: json('A page of them', imageList, imageListExample) },
  },
  {
    id: 'getImage',
    method: 'get',
    path: '/api/images/{id}',
    tag,
    summary: 'All that is known of one image',
    answers: { 200: json('The image', image, imageExample) },
  },
  {
    id: 'getHistory',
    method: 'get',
    path: '/api/images/{id}/history',
    tag,
    summary: 'What happened to it, with times and errors',
    answers: { 200: json('Oldest first', imageHistory, historyExample) },
  },
  {
    id: 'retryImage',
    method: 'post',
    path: '/api/images/{id}/retry',
    tag,
    summary: 'Begin again what failed: one stage, or all',
    body: jsonBody(retryRequest, { stage: 'extract' }, false),
    answers: { 202: json('Begun', image, imageExample) },
    problems: [409],
  },
];
