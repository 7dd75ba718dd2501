import {
  deadLetterGroupParams,
  deadLetterGroups,
  deadLetterList,
  deadLetterQuery,
  deadLetterSelection,
  discardDeadLettersAnswer,
  retryDeadLettersAnswer,
} from '@image-organizer/contracts/http/dead-letter';
import { deadLetterExample, deadLetterGroupExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Administration';
const group = deadLetterGroupExample.id;
const selection = jsonBody(deadLetterSelection.meta({ minProperties: 1, maxProperties: 1 }), { group });

/** For accounts with the role admin. */
export const adminOperations: Operation[] = [
  {
    id: 'listDeadLetterGroups',
    method: 'get',
    path: '/api/admin/dead-letters',
    tag,
    summary: 'Messages that nobody could process, by queue and error',
    answers: {
      200: json('The groups, largest first', deadLetterGroups, {
        ...{ items: [deadLetterGroupExample], nextCursor: null, looked: 3, total: 3 },
      }),
    },
    problems: [403],
  },
  {
    id: 'listDeadLetters',
    method: 'get',
    path: '/api/admin/dead-letters/{group}',
    tag,
    summary: 'The messages of one group',
    params: deadLetterGroupParams,
    query: deadLetterQuery,
    answers: {
      200: json('A page of them, oldest first', deadLetterList, {
        ...{ items: [deadLetterExample], nextCursor: null },
      }),
    },
    problems: [403],
  },
  {
    id: 'retryDeadLetters',
    method: 'post',
    path: '/api/admin/dead-letters/retry',
    tag,
    summary: 'Try them again, up to 1,000 in one call',
    description: 'The failed stage of an image, or the failed email, that a message stands for begins again.',
    body: selection,
    answers: { 200: json('On their way', retryDeadLettersAnswer, { retried: 3, more: false }) },
    problems: [403],
  },
  {
    id: 'discardDeadLetters',
    method: 'post',
    path: '/api/admin/dead-letters/discard',
    tag,
    summary: 'Throw them away, up to 1,000 in one call',
    description: 'An image that failed with one of them stays failed, and can still be retried.',
    body: selection,
    answers: { 200: json('Gone', discardDeadLettersAnswer, { discarded: 3, more: false }) },
    problems: [403],
  },
];
