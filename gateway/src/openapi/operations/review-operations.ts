import { image } from '@image-organizer/contracts/http/image';
import { acceptRequest, reviewList, reviewQuery } from '@image-organizer/contracts/http/review';
import { imageExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Review';
const placement = imageExample.placement!;
const detail = 'Nothing said clearly where it goes.';
const suggestions = ['Receipts', 'Invoices'];
const unsure = {
  ...imageExample,
  placement: { ...placement, folder: 'Unsorted', reason: detail, needsReview: true, suggestions },
  review: { action: 'choose' as const, detail, suggestions },
};
const accepted = { ...imageExample, placement: { ...placement, by: 'user' as const } };

export const reviewOperations: Operation[] = [
  {
    id: 'listReview',
    method: 'get',
    path: '/api/review',
    tag,
    summary: 'Images that wait for a person, oldest first',
    description: 'Those that no classifier was sure of, and those that failed.',
    query: reviewQuery,
    answers: {
      200: json('A page of them', reviewList, { items: [unsure], nextCursor: null, total: 1, more: false }),
    },
  },
  {
    id: 'acceptPlace',
    method: 'post',
    path: '/api/review/{id}/accept',
    tag,
    summary: 'Its place is right, or this folder is',
    description: 'A correction like any other: no machine overwrites it, and the folders learn.',
    body: jsonBody(acceptRequest, { folder: 'Receipts' }, false),
    answers: { 200: json('The image as it is now', image, accepted) },
    problems: [409],
  },
];
