import {
  deadLetterGroupParams,
  deadLetterQuery,
  deadLetterSelection,
} from '@image-organizer/contracts/http/dead-letter';
import express, { Router } from 'express';
import {
  DeadLettersNotFoundError,
  discardDeadLetters,
  groupDeadLetters,
  listDeadLetters,
  retryDeadLetters,
  type DeadLetterDependencies,
} from '../domain/dead-letters.ts';
import { bodyOf, queryOf } from './read-body.ts';

const json = express.json({ limit: '300kb' });

/** Dead letters, below /api, for those whom `adminOnly` lets pass. */
export function adminRoutes(dependencies: DeadLetterDependencies): Router {
  const { bus } = dependencies;
  const router = Router();

  router.get('/admin/dead-letters', async (_request, response) => {
    response.json(await groupDeadLetters(bus));
  });

  router.get('/admin/dead-letters/:group', async (request, response) => {
    const params = deadLetterGroupParams.safeParse(request.params);
    if (!params.success) throw new DeadLettersNotFoundError();
    const { limit, cursor = '0' } = queryOf(request, deadLetterQuery);
    response.json(await listDeadLetters(bus, params.data.group, { limit, passOver: Number(cursor) }));
  });

  router.post('/admin/dead-letters/retry', json, async (request, response) => {
    const { count, more } = await retryDeadLetters(dependencies, bodyOf(request, deadLetterSelection));
    response.json({ retried: count, more });
  });

  router.post('/admin/dead-letters/discard', json, async (request, response) => {
    const { count, more } = await discardDeadLetters(bus, bodyOf(request, deadLetterSelection));
    response.json({ discarded: count, more });
  });
  return router;
}
