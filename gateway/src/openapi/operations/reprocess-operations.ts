import { image } from '@image-organizer/contracts/http/image';
import {
  reprocessAnswer,
  reprocessImageRequest,
  reprocessPlan,
  reprocessRequest,
} from '@image-organizer/contracts/http/reprocess';
import { imageExample } from '../examples.ts';
import { json, jsonBody, type Operation } from '../operation.ts';

const tag = 'Reprocessing';
const pending = { status: 'pending' as const, attempts: 0, durationMs: 12, error: null };
const begun = {
  ...imageExample,
  status: 'processing' as const,
  stages: { ...imageExample.stages, classify: pending, organize: pending },
};
const estimate = { seconds: 212, promptTokens: 78_400, completionTokens: 9_100, costUsd: 0.02, llmCalls: 98 };

export const reprocessOperations: Operation[] = [
  {
    id: 'reprocessImage',
    method: 'post',
    path: '/api/images/{id}/reprocess',
    tag,
    summary: 'Read it, or decide on it, again with the present settings',
    description: 'It keeps its place meanwhile, and what a person said of it for good.',
    body: jsonBody(reprocessImageRequest, { stages: ['classify'] }, false),
    answers: { 202: json('Begun', image, begun) },
    problems: [409],
  },
  {
    id: 'reprocess',
    method: 'post',
    path: '/api/reprocess',
    tag,
    summary: 'The same for many: what is stale, a folder, an upload',
    description:
      'With `dryRun` it only counts them and estimates time and cost by what your images took so far.',
    body: jsonBody(reprocessRequest, { dryRun: true, filter: { stale: true } }),
    answers: {
      200: json('What it would take: the answer to a dry run', reprocessPlan, { images: 120, estimate }),
      202: json('Begun: how many', reprocessAnswer, { queued: 120 }),
    },
  },
];
