import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { problem } from '@image-organizer/contracts/http/problem';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { operations } from '../src/openapi/operations/index.ts';
import { admin, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ auth: (_request, response) => response.writeHead(401).end() });
});
afterAll(() => gateway.stop());

const contentOf = ({ body }: (typeof operations)[number]) => Object.keys(body?.content ?? {});
const isUpload = (operation: (typeof operations)[number]) =>
  contentOf(operation).some((type) => type !== 'application/json');
const calls = operations
  .filter((operation) => !isUpload(operation))
  .map((operation) => ({
    name: `${operation.method.toUpperCase()} ${operation.path}`,
    method: operation.method.toUpperCase(),
    path: operation.path.replaceAll(/\{\w+\}/g, '0190a5e0-0000-7000-8000-00000000000f'),
    readsJson: contentOf(operation).length > 0,
  }));

/** @returns the status; what a client cannot send any more, because it was answered, is no error */
async function statusOf(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  const authorization = `Bearer ${gateway.auth.tokenOf(admin)}`;
  const sent = request(`${gateway.url}${path}`, { method, headers: { authorization, ...headers } });
  sent.on('error', () => {}); // it is cut
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  sent.destroy();
  return answer.statusCode!;
}

const json = { 'Content-Type': 'application/json' };
const text = { 'Content-Type': 'text/plain' };
const chunked = { 'Transfer-Encoding': 'chunked' };
const withLength = { 'Content-Length': '2000000' };
const longText = 'x'.repeat(2_000_000);
const longJson = JSON.stringify({ a: 'x'.repeat(2_000_000 - 8) });
const depths = ['['.repeat(4_000) + ']'.repeat(4_000), '{"a":'.repeat(1_500) + '1' + '}'.repeat(1_500)];

it('covers what is no upload', () => expect(calls.length).toBeGreaterThan(30));

it('When the URL is too long, or what comes is no HTTP, then the answer is a problem all the same', async () => {
  const answer = await fetch(`${gateway.url}/api/images?q=${'x'.repeat(20_000)}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([431, 'application/problem+json']);
  expect(problem.parse(await answer.json())).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').end('EHLO you\r\n\r\n');
  expect((await buffer(socket)).toString()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*MALFORMED_REQUEST/s);
});

describe.each(calls)('$name', ({ method, path, readsJson }) => {
  it.each([
    ['with their length', withLength],
    ['in chunks', chunked],
  ])('When 2 MB come %s, then it is 413, or the body is ignored.', async (_how, framing) => {
    const status = await statusOf(method, path, { ...json, ...framing }, longJson);
    if (readsJson) expect(status).toBe(413);
    else expect(status).toBeLessThan(500);
    expect(await statusOf(method, path, { ...text, ...framing }, longText)).toBeLessThan(500);
  });

  it('When the body is deep, or no object, or no JSON, then it is no fault here.', async () => {
    for (const body of [...depths, '7', '{']) {
      const headers = { ...json, 'Content-Length': String(body.length) };
      expect(await statusOf(method, path, headers, body)).toBeLessThan(500);
    }
  });

  it('When there are 5,000 query parameters, then it is no fault here; 10,000, or 100 kB of headers, are too many.', async () => {
    expect(await statusOf(method, `${path}?${'a&'.repeat(5_000)}`)).toBeLessThan(500);
    expect(await statusOf(method, `${path}?${'a&'.repeat(10_000)}`)).toBe(431);
    expect(await statusOf(method, path, { 'X-Long': 'x'.repeat(100_000) })).toBe(431);
  });
});
