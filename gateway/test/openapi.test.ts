import { createAnswerChecker } from '@image-organizer/testing/answer-checker';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import request from 'supertest';
import { createApiDocument } from '../src/openapi/document.ts';
import { operations } from '../src/openapi/operations/index.ts';
import { routesOf } from './support/routes-of.ts';
import { startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const document = createApiDocument();

describe('The table of routes', () => {
  it('names every route that express has, once, and no other', () => {
    const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(documented.toSorted()).toEqual(routesOf(gateway.router).toSorted());
  });

  it('gives every call a name of its own', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** Every JSON body of the document, by its JSON pointer. */
function* bodies(node: unknown, pointer = ''): Generator<[string, { schema: object; example?: unknown }]> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node) as [string, { schema: object }][]) {
    const here = `${pointer}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
    if (key.endsWith('json') && pointer.endsWith('/content')) yield [here, value];
    else yield* bodies(value, here);
  }
}

it('gives every JSON body an example that fits its schema', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: 'api' });
  const all = [...bodies(document.paths, '/paths')];
  const wrong = all.flatMap(([pointer, { example }]) => {
    const validate = ajv.getSchema(`api#${pointer}/schema`)!;
    return validate(example) ? [] : [`${pointer}: ${ajv.errorsText(validate.errors)}`];
  });
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(operations.length);
});

describe('An answer is held against the document', () => {
  const check = createAnswerChecker(document);
  const answer = {
    method: 'GET',
    path: '/api/folders',
    status: 200,
    contentType: 'application/json',
    body: '',
  };
  const folder = { path: 'A', description: '', commonWords: [], count: 0, createdBy: 'auto' };
  const list = (item: object) => JSON.stringify({ items: [item], nextCursor: null });

  it('When it is as described, then nothing is said', () => {
    expect(check({ ...answer, body: list(folder) })).toBeUndefined();
  });

  it.each([
    ['has another shape', { body: list({ ...folder, count: 'many' }) }, /count must be integer/],
    ['has a field too many', { body: list({ ...folder, ownerId: 'x' }) }, /additional properties/],
    ['has another status', { status: 418 }, /undocumented status/],
    ['has another type', { contentType: 'text/html' }, /undocumented content type/],
    ['is of an unknown call', { path: '/api/secrets' }, /unknown call/],
    ['is of another method', { method: 'PUT' }, /unknown call/],
  ])('When it %s, then that is said', (_what, change, expected) => {
    expect(check({ ...answer, body: list(folder), ...change })).toMatch(expected);
  });
});

describe('/openapi.json and /docs', () => {
  const anonymous = (path: string) => request(gateway.url).get(path);

  it('When nobody is logged in, then the document is served', async () => {
    const { body } = await anonymous('/openapi.json').expect(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('When the page is opened, then all it loads comes from here and its policy allows no other', async () => {
    const { text, headers } = await anonymous('/docs').expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    const files = loaded.filter((path) => !path.startsWith('data:'));
    expect(files).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
    for (const file of files) expect((await anonymous(file).expect(200)).text.length).toBeGreaterThan(50);
    expect(text).not.toMatch(/<script>|<style>|\son\w+=/);
  });

  it.each(['index.html', 'package.json', '..%2fpackage.json', 'swagger-ui.js.map'])(
    'When %s is asked for, then it is 404',
    async (file) => {
      expect((await anonymous(`/docs/${file}`).expect(404)).body.code).toBe('NO_SUCH_ROUTE');
    },
  );
});
