import { seededRandom } from '@image-organizer/testing/seeded-random';
import { residentBytes } from '../../bench/support/memory.ts';
import { login, until, type Client } from '../support/client.ts';
import { account, removeData, startServer, type ServerProcess } from '../support/server-process.ts';
import { csvAttempt, imageAttempt, imageSeeds, jsonAttempt, jsonOperations, type Attempt } from './inputs.ts';

/** So many inputs from the seed FUZZ_SEED: six of ten are images, two CSVs, two JSON. `npm run test:fuzz` makes it 10,000. */
const count = Number(process.env['FUZZ_COUNT'] ?? 500);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const imagesPerUpload = 10;

let server: ServerProcess;
let client: Client;
let token: string;
let seeds: Buffer[];

beforeAll(async () => {
  const env = {
    ACCESS_TOKEN_MINUTES: '600',
    RATE_LIMIT_PER_MINUTE: '0',
    FETCH_ALLOWED_NETWORKS: '127.0.0.0/8',
  };
  server = await startServer({ env });
  client = await login(server.url);
  token = await accessToken();
  seeds = await imageSeeds();
});
afterAll(async () => {
  if (server.child.exitCode === null) await server.stop();
  await removeData(server);
});

it(`When ${count} damaged images, CSVs and JSON bodies come, then none is a 5xx, the process goes on and its memory stays flat.`, async () => {
  const random = seededRandom(seed);
  const calls = jsonOperations();
  const memory: number[] = [];
  const statuses: Record<number, number> = {};
  const ids: string[] = [];
  const failures: string[] = [];

  for (let made = 0; made < count;) {
    const luck = random();
    // One upload carries ten images.
    const kind = luck < 0.13 ? 'image' : luck < 0.56 ? 'csv' : 'json';
    const attempt = {
      image: () => imageAttempt(seeds, random),
      csv: () => csvAttempt(random),
      json: () => jsonAttempt(calls, ids, random),
    }[kind]();
    const { status, body } = await send(attempt);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status >= 500)
      failures.push(`input ${made}: ${attempt.method} ${attempt.path}: ${status} ${body.slice(0, 300)}`);
    if (status === 202 && kind === 'image') ids.push(...idsIn(body));
    const step = kind === 'image' ? imagesPerUpload : 1;
    if (Math.floor((made + step) / 100) > Math.floor(made / 100)) {
      await drained();
      memory.push(residentBytes(server.child.pid!));
    }
    made += step;
  }

  expect(failures).toEqual([]);
  expect(server.child.exitCode).toBeNull();
  const [early, late] = [
    memory.slice(memory.length * 0.2, memory.length * 0.4),
    memory.slice(memory.length * 0.8),
  ].map(median);
  process.stdout.write(
    `seed ${seed}: statuses ${JSON.stringify(statuses)}; resident memory ${mb(early!)} after a fifth to two fifths, ${mb(late!)} in the last fifth, ${mb(Math.max(...memory))} at most`,
  );
  if (count >= 5_000) expect(late! / early!).toBeLessThan(1.3); // sooner a process is still warming up
  expect(await server.stop()).toBe(0);
}, 3_600_000);

/** Not by the client of the other tests: what is sent here is in no schema, but each answer must be. */
async function send({ method, path, headers, body }: Attempt): Promise<{ status: number; body: string }> {
  const init = { method, headers: { ...headers, Authorization: `Bearer ${token}` }, body };
  const answer = await (path.includes('%')
    ? fetch(new URL(path, server.url), init)
    : client.fetch(path, init));
  return { status: answer.status, body: await answer.text() };
}

async function accessToken(): Promise<string> {
  const answer = await fetch(`${server.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

/** Every image that was taken so far is organised or has failed. */
async function drained() {
  await until(
    async () =>
      (await (await client.fetch('/api/stats')).json()) as { images: { queued: number; processing: number } },
    ({ images }) => images.queued + images.processing === 0,
  );
}

const idsIn = (body: string) => (JSON.parse(body) as { images: { id: string }[] }).images.map(({ id }) => id);
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
