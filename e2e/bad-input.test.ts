import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { problem } from '@image-organizer/contracts/http/problem';
import { formOf, login, type Client, type UploadFile } from './support/client.ts';
import { oddImages } from './support/odd-images.ts';
import { inspect, nothingAmiss } from './support/oracle.ts';
import { removeData, startServer, type ServerProcess } from './support/server-process.ts';

const maxUploadBytes = 3_000_000;
let server: ServerProcess;
let client: Client;
let odd: Awaited<ReturnType<typeof oddImages>>;
const accepted: string[] = [];

beforeAll(async () => {
  odd = await oddImages();
  server = await startServer({
    env: {
      MAX_UPLOAD_BYTES: String(maxUploadBytes),
      REGISTRATION: 'open',
      UPLOAD_GRACE_SECONDS: '1',
      SWEEP_SECONDS: '1',
    },
  });
  client = await login(server.url);
});

afterAll(async () => {
  await removeData(server);
});

/** Uploads the file between two good ones, which must not suffer. */
async function uploadBesideGoodOnes(file: UploadFile) {
  const neighbours = [odd.good('before.png'), odd.good('after.png')] as const;
  const answer = await client.upload([neighbours[0], file, neighbours[1]]);
  accepted.push(...answer.images.map(({ id }) => id));
  const batch = await client.completed(answer.batchId);
  for (const { name } of neighbours) {
    expect(batch.images.items.find((image) => image.filename === name)).toMatchObject({
      status: 'organized',
    });
  }
  const image = batch.images.items.find(
    ({ filename }) => filename !== 'before.png' && filename !== 'after.png',
  );
  return { refused: answer.refused, image };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('Among good files', () => {
  it.each<[string, () => UploadFile, string]>([
    ['zero bytes', () => ({ name: 'empty.jpg', bytes: bytes('') }), 'EMPTY_FILE'],
    [
      'text named .jpg',
      () => ({ name: 'notes.jpg', bytes: bytes('just some notes\n') }),
      'UNSUPPORTED_IMAGE',
    ],
    [
      'HTML',
      () => ({ name: 'page.png', bytes: bytes('<!doctype html><script>alert(1)</script>') }),
      'UNSUPPORTED_IMAGE',
    ],
    [
      'SVG',
      () => ({ name: 'a.svg', bytes: bytes('<svg xmlns="http://www.w3.org/2000/svg"/>') }),
      'UNSUPPORTED_IMAGE',
    ],
    ['PDF', () => ({ name: 'a.pdf', bytes: bytes('%PDF-1.7\n%âãÏÓ\n') }), 'UNSUPPORTED_IMAGE'],
    [
      'HEIC',
      () => ({ name: 'a.heic', bytes: bytes('\0\0\0\u0018ftypheic\0\0\0\0mif1heic') }),
      'UNSUPPORTED_IMAGE',
    ],
    ['a file over the limit', () => odd.padded('big.png', maxUploadBytes + 1), 'FILE_TOO_LARGE'],
  ])('%s is refused by name, with a reason', async (_case, file, code) => {
    const { refused, image } = await uploadBesideGoodOnes(file());
    expect(refused).toEqual([{ filename: file().name, code, detail: expect.stringMatching(/\w+ \w+ \w+/) }]);
    expect(image).toBeUndefined();
  });

  it.each<[string, () => UploadFile, RegExp]>([
    ['a 20000×20000 PNG', () => odd.hugePng(), /pixels/i],
    ['a corrupt header', () => odd.corruptHeader(), /damaged/i],
    ['a PNG cut right behind its header', () => odd.headerOnly(), /damaged/i],
  ])('%s is a failed image with a reason a person understands', async (_case, file, reason) => {
    const { image } = await uploadBesideGoodOnes(file());
    expect(image).toMatchObject({ status: 'failed', stages: { extract: { status: 'failed', attempts: 1 } } });
    expect(image!.stages.extract.error!.detail).toMatch(reason);
  });

  it.each<[string, () => Promise<UploadFile>, object]>([
    ['a truncated JPEG', () => odd.truncatedJpeg(), { format: 'jpeg' }],
    ['a CMYK JPEG', () => odd.cmykJpeg(), { format: 'jpeg' }],
    ['an animated GIF', () => odd.animatedGif(), { format: 'gif' }],
    ['a 16-bit PNG', () => odd.sixteenBitPng(), { format: 'png' }],
    ['a 1×1 PNG', () => odd.solid('dot.png', 1, 1), { width: 1, height: 1 }],
    ['a 3×3000 PNG', () => odd.solid('strip.png', 3, 3000), { width: 3, height: 3000 }],
  ])('%s is read', async (_case, file, metadata) => {
    const { image } = await uploadBesideGoodOnes(await file());
    expect(image).toMatchObject({ status: 'organized', metadata });
    expect((await client.fetch(image!.links.thumbnails.small)).status).toBe(200);
  });

  it.each<[string, string, string | RegExp]>([
    ['../', '../../etc/passwd.png', 'passwd.png'],
    ['emoji', '🎉 party.png', '🎉 party.png'],
    ['300 characters', `${'x'.repeat(300)}.png`, /^x{1,200}\.png$/],
  ])('a name with %s is cleaned, and the file is taken', async (_case, name, shown) => {
    const { image } = await uploadBesideGoodOnes({ ...odd.good('x.png'), name });
    expect(image!.status).toBe('organized');
    expect(image!.filename).toMatch(shown);
    expect(image!.placement!.filename).not.toMatch(/[/\0]/);
  });

  it('two files with one name are both kept', async () => {
    const answer = await client.upload([odd.good('same.png'), await odd.solid('same.png', 40, 30)]);
    accepted.push(...answer.images.map(({ id }) => id));
    const batch = await client.completed(answer.batchId);
    const places = batch.images.items.map(({ placement }) => `${placement!.folder}/${placement!.filename}`);
    expect(new Set(places).size).toBe(2);
  });
});

const form = () => formOf([odd.good('a.png')]);
const upload = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
  client.fetch('/upload', { method: 'POST', body, headers });
const anonymous = (path: string, authorization?: string) =>
  fetch(`${server.url}${path}`, { headers: authorization ? { Authorization: authorization } : {} });

describe('A request that cannot be done is answered with a clear problem', () => {
  const multipart = { 'Content-Type': 'multipart/form-data; boundary=b' };
  it.each<[string, () => Promise<Response>, number, string]>([
    [
      'only refused files',
      () => upload(formOf([{ name: 'a.jpg', bytes: bytes('text') }])),
      415,
      'UNSUPPORTED_IMAGE',
    ],
    ['no file at all', () => upload(formOf([], { notify: 'true' })), 400, 'NO_FILE'],
    ['no multipart', () => upload('{}', { 'Content-Type': 'application/json' }), 400, 'NO_FILE'],
    [
      'a name with NUL in it',
      () => upload(formOf([{ ...odd.good('x.png'), name: 'a\u0000b.png' }])),
      400,
      'MALFORMED_UPLOAD',
    ],
    ['no boundary', () => upload('x', { 'Content-Type': 'multipart/form-data' }), 400, 'MALFORMED_UPLOAD'],
    [
      '10,000 parts',
      () => upload(formOf(Array.from({ length: 10_000 }, (_, n) => odd.good(`${n}.png`)))),
      413,
      'TOO_MANY_FILES',
    ],
    [
      'a multipart body without its end',
      () => upload('--b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\nabc', multipart),
      400,
      'MALFORMED_UPLOAD',
    ],
    [
      'an unusable Idempotency-Key',
      () => upload(form(), { 'Idempotency-Key': 'k'.repeat(300) }),
      400,
      'INVALID_INPUT',
    ],
    ['no token', () => anonymous('/api/images'), 401, 'UNAUTHORIZED'],
    ['a wrong token', () => anonymous('/api/images', 'Bearer abc.def.ghi'), 401, 'INVALID_TOKEN'],
    ['an id that is none', () => client.fetch('/api/images/..%2f..%2fetc'), 404, 'IMAGE_NOT_FOUND'],
    ['an unknown id', () => client.fetch(`/api/images/${randomUUID()}/original`), 404, 'IMAGE_NOT_FOUND'],
    ['an unknown batch', () => client.fetch(`/api/batches/${randomUUID()}`), 404, 'BATCH_NOT_FOUND'],
    ['a wrong filter', () => client.fetch('/api/images?limit=many&status=lost'), 400, 'INVALID_INPUT'],
    ['a made-up cursor', () => client.fetch('/api/images?cursor=abc'), 400, 'INVALID_INPUT'],
    ['an unknown path', () => client.fetch('/api/nothing'), 404, 'NO_SUCH_ROUTE'],
    [
      'a broken JSON body',
      () =>
        client.fetch('/login', {
          method: 'POST',
          body: '{',
          headers: { 'Content-Type': 'application/json', Authorization: '' },
        }),
      400,
      'BAD_REQUEST',
    ],
  ])('%s', async (_case, ask, status, code) => {
    const answer = await ask();
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    const told = problem.parse(await answer.json());
    expect([answer.status, told.code]).toEqual([status, code]);
    expect(told.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it("another owner's image does not exist", async () => {
    const register = { email: 'bob@example.com', password: 'another long password' };
    await fetch(`${server.url}/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(register),
    });
    const bob = await login(server.url, register);
    const [mine] = await client.images();
    for (const path of ['', '/original', '/text', '/compressed', '/thumbnails/small', '/history']) {
      expect((await bob.fetch(`/api/images/${mine!.id}${path}`)).status).toBe(404);
    }
    expect((await bob.fetch(`/api/images/${mine!.id}/retry`, { method: 'POST' })).status).toBe(404);
    expect((await bob.fetch(`/download?fid=${mine!.id}`)).status).toBe(404);
    expect(await bob.images()).toEqual([]);
  });
});

it('When clients go away in the middle of their uploads, then nothing of them is left, and the next upload works.', async () => {
  const token = (await client.fetch('/api/stats')).ok && (await rawToken());
  await Promise.all(Array.from({ length: 20 }, () => abortedUpload(token as string)));
  const answer = await client.upload([odd.good('later.png')]);
  accepted.push(...answer.images.map(({ id }) => id));
  await client.completed(answer.batchId);
});

it('When all that is over, then the process is the same one, nothing was answered with 500, and no blob is left behind.', async () => {
  expect(server.child.exitCode).toBeNull();
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).not.toMatch(/http_request_duration_seconds_count\{[^}]*status="5/);
  expect(await server.stop()).toBe(0);
  expect(await inspect(server.dataDirectory, accepted)).toMatchObject(nothingAmiss);
});

async function rawToken(): Promise<string> {
  const basic = Buffer.from('anna@example.com:correct horse battery').toString('base64');
  const answer = await fetch(`${server.url}/login`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

/** Sends half of a file, then cuts the connection. */
async function abortedUpload(token: string): Promise<void> {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="cut.png"\r\n\r\n`;
  const half = Buffer.from(odd.padded('cut.png', 400_000).bytes);
  socket.write(
    `POST /upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n${head}`,
  );
  await new Promise((resolve) => socket.write(half, resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  await closed;
}
