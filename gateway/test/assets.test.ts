import type { Readable } from 'node:stream';
import { createLinkSigner } from '@image-organizer/platform/signed-link';
import request from 'supertest';
import { jpeg } from './support/files.ts';
import { fail, process } from './support/images.ts';
import { linkSecret, startGateway, type TestGateway } from './support/start-gateway.ts';

const bytes = jpeg(100_000);
let now = new Date();
let gateway: TestGateway;
let id: string;
const opened = jest.fn();
beforeAll(async () => {
  gateway = await startGateway({
    now: () => now,
    blobs: (real) => ({
      ...real,
      open: async (...given) => (opened(await real.open(...given)), opened.mock.lastCall![0]),
    }),
  });
  id = await gateway.uploaded(bytes, 'Café “menu”.jpg');
  await process(gateway, id);
});
beforeEach(() => {
  now = new Date();
});
afterAll(() => gateway.stop());

const original = () => gateway.get(`/api/images/${id}/original`);

describe('The original', () => {
  it('When it is fetched, then its bytes come with headers that let a browser keep and not run them', async () => {
    const { body, headers } = await original().expect(200);
    expect(body).toEqual(bytes);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '100000',
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-disposition': expect.stringMatching(
        /^inline; filename=".*"; filename\*=UTF-8''Caf%C3%A9%20%E2%80%9Cmenu%E2%80%9D\.jpg$/,
      ),
    });
    expect(decodeURIComponent(headers['x-image-caption']!)).toBe('Café receipt, 12 € – “lunch”');
  });

  it.each([
    ['the first bytes', 'bytes=0-9', 0, 9],
    ['a middle', 'bytes=50000-70000', 50_000, 70_000],
    ['an open end', 'bytes=99990-', 99_990, 99_999],
    ['the last bytes', 'bytes=-10', 99_990, 99_999],
    ['more than there is', 'bytes=99990-200000', 99_990, 99_999],
  ])('When the range is %s, then only those bytes come', async (_what, range, start, end) => {
    const { body, headers } = await original().set('Range', range).expect(206);
    expect(body).toEqual(bytes.subarray(start, end + 1));
    expect(headers['content-range']).toBe(`bytes ${start}-${end}/100000`);
    expect(headers['content-length']).toBe(String(end - start + 1));
  });

  it.each([
    ['several ranges are asked for', { Range: 'bytes=0-9,20-29' }],
    ['the range is of an unknown unit', { Range: 'pages=1-2' }],
    ['If-Range names another version', { Range: 'bytes=0-9', 'If-Range': '"other"' }],
  ])('When %s, then the whole comes', async (_what, headers) => {
    const { body } = await original().set(headers).expect(200);
    expect(body).toEqual(bytes);
  });

  it('When the range begins behind the end, then it is 416 and says how long the image is', async () => {
    const { headers } = await original().set('Range', 'bytes=100000-').expect(416);
    expect(headers['content-range']).toBe('bytes */100000');
  });

  it('When the client has it already, then it is 304 without bytes', async () => {
    const { etag } = (await original()).headers;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    opened.mockClear();
    for (const tags of [etag!, `W/${etag}`, `"other", ${etag}`, '*'])
      await original().set('If-None-Match', tags).expect(304);
    await original().set('If-None-Match', '"other"').expect(200);
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it('When only the headers are asked for, then no byte is read', async () => {
    opened.mockClear();
    const { headers } = await gateway.head(`/api/images/${id}/original`).expect(200);
    expect(headers['content-length']).toBe('100000');
    expect(opened).not.toHaveBeenCalled();
  });

  it('When it is wanted for saving, then the disposition says so', async () => {
    const { headers } = await gateway.get(`/api/images/${id}/original?download=1`).expect(200);
    expect(headers['content-disposition']).toMatch(/^attachment;/);
  });

  it('When the client goes away in the middle, then the blob is closed', async () => {
    const big = await gateway.uploaded(jpeg(1_000_000));
    const answer = await fetch(`${gateway.url}/download?${signed(big)}`);
    const blob = opened.mock.lastCall![0] as Readable;
    const closed = new Promise((resolve) => (blob.closed ? resolve(true) : blob.once('close', resolve)));
    await answer.body!.cancel();
    await closed;
  });
});

describe('Renditions and text', () => {
  it.each(['compressed', 'thumbnails/small', 'thumbnails/medium'])(
    'When %s is made, then it is sent',
    async (path) => {
      const { body, headers } = await gateway.get(`/api/images/${id}/${path}`).expect(200);
      expect(body.toString()).toBe('a small rendition');
      expect(headers['content-disposition']).toContain(`-${path.split('/').at(-1)}.jpeg`);
    },
  );

  it('When the text is known, then it is sent as text, whole or a range of its bytes', async () => {
    const whole = await gateway.get(`/api/images/${id}/text`).expect(200);
    expect(whole.text).toBe('Total 12 €');
    expect(whole.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await gateway.get(`/api/images/${id}/text`).set('Range', 'bytes=0-4').expect(206)).text).toBe(
      'Total',
    );
  });

  it('When they are not made yet, then the client is told to ask again', async () => {
    const waiting = await gateway.uploaded(jpeg());
    for (const path of ['text', 'compressed', 'thumbnails/small']) {
      const { headers, body } = await gateway.get(`/api/images/${waiting}/${path}`).expect(202);
      expect(headers).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' });
      expect(body).toMatchObject({ id: waiting, status: 'queued' });
    }
  });

  it('When the image could not be read, then the reason is told, and the original is still there', async () => {
    const damaged = await gateway.uploaded(jpeg());
    await fail(gateway.catalog, damaged, 'extract');
    const { body } = await gateway.get(`/api/images/${damaged}/text`).expect(409);
    expect(body).toMatchObject({
      code: 'EXTRACTION_FAILED',
      detail: expect.stringContaining('The file is damaged.'),
    });
    await gateway.get(`/api/images/${damaged}/original`).expect(200);
  });
});

const signed = (fid: string, at = new Date(now.getTime() + 60_000)) =>
  new URLSearchParams({
    fid,
    ...createLinkSigner(linkSecret).sign({ purpose: 'download', id: fid }, at),
  }).toString();

describe('/download', () => {
  const anonymous = (query: string) => request(gateway.url).get(`/download?${query}`);

  it.each([
    ['', 100_000],
    ['.text', 12],
    ['.compressed', 17],
    ['.small', 17],
    ['.medium', 17],
  ])('When the owner asks for fid <id>%s, then it is sent for saving', async (suffix, size) => {
    const { headers } = await gateway.get(`/download?fid=${id}${suffix}`).expect(200);
    expect(headers['content-length']).toBe(String(size));
    expect(headers['content-disposition']).toMatch(/^attachment;/);
  });

  it('When somebody holds a signed link, then no token is needed', async () => {
    expect((await anonymous(signed(id)).expect(200)).body).toEqual(bytes);
  });

  it.each([
    ['names another file', () => signed(id).replace(id, `${id}.text`)],
    ['lives longer than signed', () => signed(id).replace(/expires=\d/, 'expires=9')],
    ['has another signature', () => signed(id).replace(/signature=.../, 'signature=AAA')],
    ['lost its signature', () => signed(id).replace(/&signature=.*/, '')],
  ])('When a link %s, then it is refused', async (_what, query) => {
    expect((await anonymous(query()).expect(403)).body.code).toBe('LINK_INVALID');
  });

  it('When a link has expired, then it is refused and says so', async () => {
    const query = signed(id);
    now = new Date(now.getTime() + 61_000);
    expect((await anonymous(query).expect(403)).body.code).toBe('LINK_EXPIRED');
  });

  it('When a link is signed for what is not there, then it is 404', async () => {
    await anonymous(signed('nothing')).expect(404);
    await anonymous(signed(`${id}.html`)).expect(404);
  });

  it('When there is neither token nor signature, then it is 401', async () => {
    await anonymous(`fid=${id}`).expect(401);
  });
});
