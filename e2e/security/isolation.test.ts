import { operations } from '@image-organizer/gateway/openapi/operations/index';
import { login, until, type Client } from '../support/client.ts';
import { fileOf, ownSamples } from '../support/samples.ts';
import { removeData, startServer, type ServerProcess } from '../support/server-process.ts';

const bert = { email: 'bert@example.com', password: 'quite another password' };
/** What anna has, by the segment in front of its id in a path. */
let owned: Record<string, string>;
let server: ServerProcess;
let anna: Client;
let stranger: Client;

beforeAll(async () => {
  server = await startServer({ env: { REGISTRATION: 'open', RATE_LIMIT_PER_MINUTE: '0' } });
  anna = await login(server.url);
  await post(new URL('/register', server.url), bert);
  stranger = await login(server.url, bert);
  owned = await thingsOf(anna);
});
afterAll(async () => {
  await server.stop();
  await removeData(server);
});

const named = operations.filter(({ path }) => path.includes('{'));
const own = named.filter(
  ({ path, access = 'token' }) => !path.startsWith('/api/admin') && access !== 'anyone',
);

it('When a call names a thing by its id, then there is one of anna for it.', () => {
  const unknown = own.filter(({ path }) => !owned[segmentOf(path)]).map(({ path }) => path);
  expect(unknown).toEqual([]);
});

it.each(own.map(({ method, path }) => [`${method.toUpperCase()} ${path}`, method, path] as const))(
  "When bert calls %s with anna's id, then there is no such thing, and hers is as it was.",
  async (_call, method, path) => {
    const before = await snapshot();
    const answer = await ask(stranger, method, path.replace(/\{[^}]+\}/, owned[segmentOf(path)]!));
    expect(answer).toEqual({ status: 404, anna: false });
    expect(await snapshot()).toEqual(before);
  },
);

const administrative = operations.filter(({ path }) => path.startsWith('/api/admin'));
it.each(administrative.map(({ method, path }) => [`${method.toUpperCase()} ${path}`, method, path] as const))(
  'When bert, who is no administrator, calls %s, then it is forbidden.',
  async (_call, method, path) => {
    const id = '00000000-0000-4000-8000-000000000000';
    expect((await ask(stranger, method, path.replace(/\{[^}]+\}/, id))).status).toBe(403);
  },
);

const guarded = operations.filter(({ access = 'token' }) => access === 'token' || access === 'token-or-link');
it.each(guarded.map(({ method, path }) => [`${method.toUpperCase()} ${path}`, method, path] as const))(
  'When somebody without a token calls %s, then it is 401.',
  async (_call, method, path) => {
    const answer = await fetch(new URL(path.replace(/\{[^}]+\}/, Object.values(owned)[0]!), server.url), {
      method: method.toUpperCase(),
    });
    await answer.body?.cancel();
    expect(answer.status).toBe(401);
  },
);

/** Lists, searches and bulk calls that take ids elsewhere than in the path. */
it.each([
  ['lists the images of a batch', () => `/api/images?batch=${owned['batches']}`],
  ['searches', () => '/api/images?q=total'],
  ['lists what waits for review', () => '/api/review'],
  ['lists the folders', () => '/api/folders'],
  ['lists imports', () => '/api/imports'],
  ['lists webhooks', () => '/api/webhooks'],
  ['lists tokens', () => '/api/tokens'],
  ['reads statistics', () => '/api/stats'],
  ['lists the trash', () => '/api/trash'],
])("When bert %s, then nothing of anna's is in it.", async (_what, path) => {
  const answer = await stranger.fetch(path());
  expect(answer.status).toBe(200);
  const text = await answer.text();
  for (const id of Object.values(owned)) expect(text).not.toContain(id);
});

it("When bert moves anna's image with others, then it is no image of his, and stays where it is.", async () => {
  const before = await snapshot();
  const body = JSON.stringify({ ids: [owned['images']], folder: 'Stolen' });
  const answer = await stranger.fetch('/api/images/move', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(404);
  expect(await snapshot()).toEqual(before);
});

/** The segment in front of the id: what kind of thing it is. */
function segmentOf(path: string): string {
  const segment = /([^/]+)\/\{/.exec(path)?.[1] ?? path;
  const familiar: Record<string, string> = {
    status: 'batches',
    'check-status': 'batches',
    'download-output-csv': 'imports',
    review: 'images',
  };
  return familiar[segment] ?? segment;
}

async function thingsOf(client: Client): Promise<Record<string, string>> {
  const receipt = ownSamples()
    .filter(({ kind }) => kind === 'receipt')
    .map(fileOf)[0]!;
  const { batchId, images } = await client.upload([receipt], { fields: { folder: 'Secret' } });
  await client.completed(batchId);
  const csv = 'Serial Number,Product Name,Input Image Urls\n1,Chair,http://127.0.0.1:1/a.jpg\n';
  const started = await client.fetch('/api/imports', {
    method: 'POST',
    body: csv,
    headers: { 'content-type': 'text/csv' },
  });
  const { id: imports } = (await started.json()) as { id: string };
  await until(
    async () => (await (await client.fetch(`/api/imports/${imports}`)).json()) as { status: string },
    ({ status }) => status === 'completed',
  );
  return {
    images: images[0]!.id,
    batches: batchId,
    imports,
    webhooks: await made(client, '/api/webhooks', { url: 'http://127.0.0.1:9/hook' }),
    tokens: await made(client, '/api/tokens', { name: 'mine', scopes: ['read'] }),
  };
}

async function made(client: Client, path: string, body: object): Promise<string> {
  const answer = await client.fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

const post = (url: URL, body: object) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** With the example of the document as its body, where it has one. @returns whether anything of anna's is in the answer */
async function ask(client: Client, method: string, path: string) {
  const operation = operations.find((one) => one.method === method && pattern(one.path).test(path))!;
  const content = operation.body?.content as Record<string, { example?: unknown }> | undefined;
  const example = content?.['application/json']?.example;
  const answer = await client.fetch(path, {
    method: method.toUpperCase(),
    ...(example === undefined
      ? {}
      : { body: JSON.stringify(example), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  return { status: answer.status, anna: text.includes('Secret') || text.includes('anna@') };
}

const pattern = (path: string) => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);

/** All that bert might have changed. */
async function snapshot() {
  const read = async (path: string) => (await anna.fetch(path)).json();
  return Promise.all([
    ...[read(`/api/images/${owned['images']}`), read(`/api/images/${owned['images']}/history`)],
    ...[read('/api/folders'), read('/api/webhooks'), read('/api/tokens'), read('/api/trash')],
    read(`/api/imports/${owned['imports']}`),
  ]);
}
