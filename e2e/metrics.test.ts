import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');

/** Servers that are not there: every metric is told all the same. */
const env = {
  PATH: process.env['PATH'],
  PORT: '0',
  METRICS_PORT: '0',
  RABBITMQ_URL: 'amqp://127.0.0.1:1',
  MONGO_URL: 'mongodb://127.0.0.1:1/images',
  MYSQL_URL: 'mysql://auth@127.0.0.1:1/auth',
  AUTH_URL: 'http://127.0.0.1:1',
  LINK_SECRET: '-'.repeat(32),
};

/** Runs a service until `use` is done. */
async function withService(
  service: string,
  use: (urls: { url: string; metricsUrl: string }) => Promise<void>,
): Promise<void> {
  const node = join(root, 'node_modules/.bin/node');
  const child = spawn(node, [join(root, service, 'src/main.ts')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      const said = JSON.parse(line) as { msg: string; url: string; metricsUrl: string };
      if (said.msg !== 'listening') continue;
      await use(said);
      return;
    }
    throw new Error(`${service} ended before it listened`);
  } finally {
    child.stderr.resume();
    child.kill('SIGKILL');
    await exited;
  }
}

const everywhere = ['http_request_duration_seconds', 'process_resident_memory_bytes', 'server_up'];
const pipeline = [...everywhere, 'outbox_oldest_age_seconds', 'bus_deliveries_total', 'queue_messages'];
const worker = [
  ...pipeline,
  'dead_letters_total',
  'queue_oldest_age_seconds',
  'pipeline_stage_duration_seconds',
  'pipeline_stage_attempts_total',
];

const metricsOf = {
  auth: [...everywhere, 'login_attempts_total'],
  gateway: [...pipeline, 'upload_files_total', 'upload_bytes_total'],
  ocr: [...worker, 'ocr_seconds', 'ocr_worker_restarts_total', 'ocr_resident_bytes'],
  classifier: [
    ...worker,
    'llm_requests_total',
    'llm_tokens_total',
    'llm_cost_usd_total',
    'llm_calls_avoided_total',
  ],
  organizer: [...worker, 'stage_stuck_total'],
  notification: [...worker, 'emails_total'],
};

it.each(Object.entries(metricsOf))(
  'When %s runs without its servers, then /metrics is served on METRICS_PORT alone, with all that it tells',
  (service, names) =>
    withService(service, async ({ url, metricsUrl }) => {
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
      expect((await fetch(`${metricsUrl}/healthz`)).status).toBe(200);
      expect((await fetch(`${metricsUrl}/readyz`)).status).toBe(503);
      const text = await (await fetch(`${metricsUrl}/metrics`)).text();
      const told = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
      expect(told).toEqual(expect.arrayContaining(names));
      expect(text).toMatch(new RegExp(`^server_up\\{server="\\w+",service="${service}"\\} 0$`, 'm'));
    }),
);
