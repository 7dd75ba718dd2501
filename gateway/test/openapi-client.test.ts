import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createApiDocument } from '../src/openapi/document.ts';

const modules = join(import.meta.dirname, '../../node_modules');
const run = (script: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(modules, script), ...args]);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(modules, '.api-client-')); // there, so that openapi-fetch is found
  const document = join(directory, 'openapi.json');
  await writeFile(document, JSON.stringify(createApiDocument()));
  await run('openapi-typescript/bin/cli.js', document, '--output', join(directory, 'api.ts'));
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

const head = `import createClient from 'openapi-fetch';
import type { paths } from './api.ts';
const api = createClient<paths>({ baseUrl: 'http://localhost:8080' });
`;
const options =
  '--ignoreConfig --noEmit --strict --skipLibCheck --target es2024 --module nodenext --allowImportingTsExtensions';

/** What the compiler says of a program that uses the generated client. */
async function compile(program: string): Promise<string> {
  const file = join(directory, 'program.mts');
  await writeFile(file, head + program);
  return run('typescript/bin/tsc', ...options.split(' '), file).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

const program = `
const { data: session, error } = await api.POST('/login', { body: { email: 'a@example.com', password: 'x' } });
if (!session) throw new Error(error.code);
const headers = { Authorization: \`\${session.tokenType} \${session.accessToken}\` };
const { data: page } = await api.GET('/api/images', { headers, params: { query: { status: 'organized', limit: 10 } } });
for (const image of page?.items ?? []) {
  const width: number | undefined = image.metadata?.width;
  console.log(image.filename.length, width, image.placement?.folder, image.stages.extract.attempts);
  await api.POST('/api/images/{id}/retry', { headers, params: { path: { id: image.id } }, body: { stage: 'extract' } });
}
`;

it('When a client is generated, then a program that uses it well compiles', async () => {
  expect(await compile(program)).toBe('');
}, 60_000);

it('When a program asks for what the API has not, then it does not compile', async () => {
  const told = await compile(`
await api.GET('/api/secrets');
await api.GET('/api/images', { params: { query: { sort: 'color' } } });
const { data } = await api.GET('/api/stats');
console.log(data?.images.lost);
`);
  expect(told).toMatch(/program\.mts\(5,/);
  expect(told).toMatch(/program\.mts\(6,.*"color"/);
  expect(told).toMatch(/program\.mts\(8,.*'lost' does not exist/);
}, 60_000);
