import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { queues } from '@image-organizer/contracts/topology';
import { stageNames } from '@image-organizer/contracts/vocabulary';
import { until } from '@image-organizer/testing/until';
import request from 'supertest';
import { startStandalone } from './start-standalone.ts';

const queueNames = Object.values(queues).map(({ name }) => name);
const stages = [...stageNames, 'email'];

/** Every label that a metric of ours may have, and all its values: none of them an id, a path or a name of a person's. */
const labels: Record<string, Record<string, readonly string[]>> = {
  http_request_duration_seconds: {
    method: ['GET', 'POST'],
    route: ['none', '/login', '/upload', '/images/:id', '/.well-known/jwks.json'],
    status: ['200', '202', '401', '404'],
  },
  pipeline_stage_duration_seconds: { stage: stages, outcome: ['done'] },
  pipeline_stage_attempts_total: {
    stage: stages,
    outcome: ['done', 'retried', 'postponed', 'fenced', 'failed'],
  },
  bus_deliveries_total: { queue: queueNames, outcome: ['ack', 'retry', 'dead', 'lost'] },
  queue_messages: { queue: queueNames },
  queue_oldest_age_seconds: { queue: queueNames },
  outbox_oldest_age_seconds: {},
  dead_letters_total: { queue: queueNames },
  stage_stuck_total: { stage: stages },
  ocr_seconds: {},
  ocr_worker_restarts_total: { reason: ['recycled', 'deadline', 'aborted', 'died'] },
  ocr_resident_bytes: {},
  llm_requests_total: { outcome: ['ok', 'invalid', 'refused', 'busy', 'timeout', 'unavailable'] },
  llm_tokens_total: { kind: ['prompt', 'completion'] },
  llm_cost_usd_total: {},
  llm_calls_avoided_total: { reason: ['sure', 'twin', 'blind', 'spent', 'down'] },
  emails_total: { outcome: ['sent', 'retried', 'refused'] },
  upload_files_total: { outcome: ['stored', 'UNSUPPORTED_IMAGE', 'EMPTY_FILE', 'FILE_TOO_LARGE'] },
  upload_bytes_total: {},
  login_attempts_total: { outcome: ['ok', 'refused', 'limited', 'busy'] },
  server_up: { server: ['rabbitmq', 'mongo', 'mysql'] },
};

describe('The metrics of the standalone process', () => {
  let text: string;

  beforeAll(async () => {
    const standalone = await startStandalone();
    const server = request(standalone.url);
    const authorization = await standalone.authorization();
    const image = join(import.meta.dirname, '../../e2e/samples/odd-1x1.png');
    await server.post('/upload').set({ authorization }).attach('file', image).expect(202);
    await server.get(`/api/images/${randomUUID()}`).set({ authorization }).expect(404);
    await server.get(`/${randomUUID()}`).expect(404);
    await server.post('/login').auth('ada@example.org', 'not the password').expect(401);
    await until(async () => {
      text = (await server.get('/metrics')).text;
      return text.includes('emails_total{outcome="sent",service="standalone"} 1');
    });
    await standalone.stop();
  }, 60_000);

  it.each(Object.keys(labels))('tell %s', (name) => {
    expect(text).toContain(`# TYPE ${name} `);
  });

  it('have labels with values of closed sets', () => {
    const samples = [...text.matchAll(/^([a-z_]+?)(?:_bucket|_sum|_count)?\{(.*)\} \S+$/gm)];
    const ours = samples.filter(([, name]) => name! in labels);
    expect(ours.length).toBeGreaterThan(50);
    for (const [line, name, list] of ours) {
      for (const [, label, value] of list!.matchAll(/(\w+)="([^"]*)"/g)) {
        if (label === 'service' || label === 'le') continue;
        expect({ line, known: labels[name!]![label!]?.includes(value!) }).toEqual({ line, known: true });
      }
    }
  });

  it('When somebody logs in, then how it went is counted', () => {
    expect(text).toContain('login_attempts_total{outcome="ok",service="standalone"} 1');
    expect(text).toContain('login_attempts_total{outcome="refused",service="standalone"} 1');
  });
});
