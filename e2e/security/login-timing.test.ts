import { removeData, startServer, type ServerProcess } from '../support/server-process.ts';

/** Four failures block nobody, and fifty from one address are allowed: six accounts with four guesses each, twice. */
const accounts = 6;
const guesses = 4;
let server: ServerProcess;

const post = (path: string, body: object) =>
  fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  server = await startServer({ env: { REGISTRATION: 'open', BCRYPT_COST: '10' } });
  for (let number = 0; number < accounts; number++)
    await post('/register', { email: `known-${number}@example.com`, password: 'the right password' });
});
afterAll(async () => {
  await server.stop();
  await removeData(server);
});

it('When an account is unknown, then a login takes as long as one with a wrong password, within the noise of one run.', async () => {
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let guess = 0; guess < guesses; guess++) {
    for (let number = 0; number < accounts; number++) {
      for (const kind of ['known', 'unknown'] as const) {
        const began = performance.now();
        const answer = await post('/login', {
          email: `${kind}-${number}@example.com`,
          password: 'a wrong password',
        });
        expect(answer.status).toBe(401);
        await answer.text();
        times[kind].push(performance.now() - began);
      }
    }
  }
  const [known, unknown] = [median(times.known), median(times.unknown)];
  process.stdout.write(
    `login, median of ${accounts * guesses}: known account ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms\n`,
  );
  // Without a hash to compare with, an unknown account would be answered twenty times sooner.
  expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(1.5);
});

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
