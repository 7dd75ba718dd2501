import { request } from 'node:http';
import { isoMedia, jpeg } from './support/files.ts';
import { multipart, openBody, sendRaw, wholeBody, type Part } from './support/raw-request.ts';
import { anna, startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
let authorized: Record<string, string>;
beforeAll(async () => {
  gateway = await startGateway({ maxUploadBytes: 100_000 });
  authorized = { ...multipart, Authorization: `Bearer ${gateway.auth.tokenOf(anna)}` };
});
afterEach(async () => {
  expect(await gateway.leftovers()).toEqual([]);
  expect(await gateway.catalog.unfinishedBatches(new Date(Date.now() + 1e12), 10)).toEqual([]);
});
afterAll(() => gateway.stop());

const send = (body: Buffer, headers = {}) =>
  sendRaw(`${gateway.url}/upload`, { ...authorized, ...headers }, body);
const upload = (...parts: Part[]) => send(wholeBody(parts));
const good: Part = { filename: 'good.jpg', content: jpeg() };
const many = (count: number, part: Part) => Array.from({ length: count }, () => part);

describe('A file that is no image', () => {
  it.each<[string, Buffer | string, number, string]>([
    ['zero bytes', '', 422, 'EMPTY_FILE'],
    ['text named .jpg', 'just text', 415, 'UNSUPPORTED_IMAGE'],
    ['HTML', '<!doctype html><script>alert(1)</script>', 415, 'UNSUPPORTED_IMAGE'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 415, 'UNSUPPORTED_IMAGE'],
    ['PDF', '%PDF-1.7', 415, 'UNSUPPORTED_IMAGE'],
    ['HEIC', isoMedia('heic'), 415, 'UNSUPPORTED_IMAGE'],
    ['one byte over the limit', jpeg(100_001), 413, 'FILE_TOO_LARGE'],
    ['far over the limit', jpeg(5_000_000), 413, 'FILE_TOO_LARGE'],
  ])(
    'When it is alone and %s, then the request is refused with its reason',
    async (_what, content, status, code) => {
      const answer = await upload({ filename: 'a.jpg', content });
      expect(answer).toMatchObject({
        status,
        body: { code, errors: [{ field: 'a.jpg', detail: expect.any(String) }] },
      });
    },
  );

  it('When several are refused for different reasons, then each is listed', async () => {
    const answer = await upload({ filename: 'a.jpg', content: '' }, { filename: 'b.jpg', content: 'text' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'NOTHING_ACCEPTED' } });
    expect(answer.body.errors).toMatchObject([{ field: 'a.jpg' }, { field: 'b.jpg' }]);
  });
});

describe('A name', () => {
  it.each<[string, Partial<Part>, string]>([
    ['../', { filename: '../../etc/passwd' }, 'passwd'],
    ['only dots', { filename: '..' }, 'image'],
    ['NUL', { disposition: "filename*=UTF-8''a%00b.jpg" }, 'ab.jpg'],
    ['emoji', { filename: '🏖️ beach.jpg' }, '🏖️ beach.jpg'],
    ['300 characters', { filename: `${'é'.repeat(296)}.jpg` }, `${'é'.repeat(196)}.jpg`],
  ])('When it has %s, then the file is taken under a clean one', async (_what, name, shown) => {
    const answer = await upload({ ...name, content: jpeg() });
    expect(answer).toMatchObject({ status: 202, body: { images: [{ filename: shown }] } });
  });
});

describe('A request', () => {
  it.each<[string, () => ReturnType<typeof send>, number, string]>([
    ['no file', () => upload({ name: 'notify', content: 'true' }), 400, 'NO_FILE'],
    ['a file field left empty', () => upload({ filename: '', content: '' }), 400, 'NO_FILE'],
    [
      'no multipart body',
      () => send(Buffer.from('{}'), { 'Content-Type': 'application/json' }),
      400,
      'NO_FILE',
    ],
    [
      'no boundary',
      () => send(wholeBody([good]), { 'Content-Type': 'multipart/form-data' }),
      400,
      'MALFORMED_UPLOAD',
    ],
    [
      'another kind of multipart',
      () => send(wholeBody([good]), { 'Content-Type': 'multipart/mixed; boundary=x' }),
      400,
      'MALFORMED_UPLOAD',
    ],
    [
      'no end',
      () => send(openBody([good, { filename: 'cut.jpg', content: jpeg(80_000) }])),
      400,
      'MALFORMED_UPLOAD',
    ],
    [
      'a part header that is none',
      () =>
        send(Buffer.concat([openBody([good]), Buffer.from('--a-boundary\r\n\0\r\n\r\nx\r\n--a-boundary--')])),
      400,
      'MALFORMED_UPLOAD',
    ],
    [
      'a raw NUL in a name',
      () => upload(good, { filename: 'a\0b.jpg', content: jpeg() }),
      400,
      'MALFORMED_UPLOAD',
    ],
    ['too many files', () => upload(...many(101, good)), 413, 'TOO_MANY_FILES'],
    ['10,000 parts', () => upload(...many(10_000, good)), 413, 'TOO_MANY_FILES'],
    ['too many fields', () => upload(good, ...many(21, { name: 'a', content: 'b' })), 413, 'TOO_MANY_FIELDS'],
    [
      'a field too long',
      () => upload(good, { name: 'folder', content: 'x'.repeat(5_000) }),
      413,
      'FIELD_TOO_LARGE',
    ],
    ['a nested field', () => upload(good, { name: 'a[b][c][d]', content: 'x' }), 400, 'MALFORMED_UPLOAD'],
    [
      'a folder of which nothing is left',
      () => upload(good, { name: 'folder', content: '//' }),
      400,
      'INVALID_INPUT',
    ],
    ['two folders', () => upload(good, ...many(2, { name: 'folder', content: 'A' })), 400, 'INVALID_INPUT'],
    ['an unknown notify', () => upload(good, { name: 'notify', content: 'maybe' }), 400, 'INVALID_INPUT'],
    [
      'a callbackUrl of another scheme',
      () => upload(good, { name: 'callbackUrl', content: 'ftp://example.com' }),
      400,
      'INVALID_INPUT',
    ],
    [
      'an Idempotency-Key too long',
      () => send(wholeBody([good]), { 'Idempotency-Key': 'k'.repeat(256) }),
      400,
      'INVALID_INPUT',
    ],
    [
      'an Idempotency-Key beyond ASCII',
      () => send(wholeBody([good]), { 'Idempotency-Key': 'ké' }),
      400,
      'INVALID_INPUT',
    ],
  ])('When it has %s, then a problem says so and nothing of it is kept', async (_what, ask, status, code) => {
    expect(await ask()).toMatchObject({ status, body: { code, status } });
  });

  it('When a field is wrong, then the problem names it', async () => {
    const { body } = await upload(good, { name: 'callbackUrl', content: 'https://me:secret@example.com' });
    const detail = 'must not hold a user name or password';
    expect(body.errors).toEqual([{ field: 'callbackUrl', detail }]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no token', { Authorization: '' }, 'UNAUTHORIZED'],
    ['a token that is none', { Authorization: 'Bearer abc.def.ghi' }, 'INVALID_TOKEN'],
  ])('When it has %s, then it is 401', async (_what, headers, code) => {
    expect(await send(wholeBody([good]), headers)).toMatchObject({ status: 401, body: { code } });
  });

  it('When its token has expired, then it is 401 and says so', async () => {
    const expired = { Authorization: `Bearer ${gateway.auth.tokenOf(anna, -1)}` };
    expect(await send(wholeBody([good]), expired)).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_EXPIRED' },
    });
  });
});

it('When clients go away in the middle of their uploads, then nothing of them is left and the next one is served', async () => {
  const headers = { ...authorized, 'Content-Length': '90000000' };
  const whole = openBody([good, { filename: 'cut.jpg', content: jpeg(90_000) }]);
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const sent = request(`${gateway.url}/upload`, { method: 'POST', headers });
      sent.on('error', () => {}); // ECONNRESET: it was cut here
      sent.write(whole.subarray(0, 500 + n * 1_500), () => sent.destroy());
      await new Promise((resolve) => sent.once('close', resolve));
    }),
  );
  expect(await upload(good)).toMatchObject({ status: 202 });
  await untilNothingIsLeft();
});

/** The server hears of a cut connection a little later than the client that cut it. */
async function untilNothingIsLeft() {
  for (;;) {
    if ((await gateway.leftovers()).length === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
