import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UploadSeen {
  key: string | undefined;
  files: { name: string; type: string; sha256: string }[];
}

/** What one upload request meets instead of an answer; `lost` and `silent` happen after everything was stored. */
export type Mishap = 'expired' | 'busy' | 'broken' | 'lost' | 'silent';

export interface FakeGatewayOptions {
  email: string;
  password: string;
  /** Larger requests get 413. */
  maxRequestBytes?: number;
  /** The name under which the server keeps a file. */
  rename?: (name: string) => string;
}

interface Stored {
  id: string;
  batchId: string;
  filename: string;
}

const problem = (
  status: number,
  code: string,
  detail: string,
  errors?: { field: string; detail: string }[],
) => ({
  status,
  body: {
    type: `https://image-organizer.example/problems/${code}`,
    title: code,
    status,
    code,
    detail,
    errors,
    requestId: null,
  },
});
type Answer = { status: number; body: unknown };

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Speaks as much of the HTTP API as a client needs to upload: /login, /upload with Idempotency-Key, batches and lists
 * of images (all organised at once, in the folder Receipts). Files that begin with "bad" are refused. Mishaps are
 * taken from `mishaps`, one for each upload request.
 */
export async function startFakeGateway({
  email,
  password,
  maxRequestBytes = Infinity,
  rename = (name) => name,
}: FakeGatewayOptions) {
  const uploads: UploadSeen[] = [];
  const images: Stored[] = [];
  const answers = new Map<string, Answer>();
  const mishaps: (Mishap | undefined)[] = [];
  let logins = 0;
  const silence = Promise.withResolvers<void>();

  const logIn = (request: IncomingMessage): Answer => {
    const expected = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    if (request.headers.authorization !== expected)
      return problem(401, 'WRONG_CREDENTIALS', 'Wrong email or password');
    logins += 1;
    return {
      status: 200,
      body: { accessToken: `token-${logins}`, refreshToken: 'r', expiresIn: 900, tokenType: 'Bearer' },
    };
  };

  const accept = (files: { name: string; text: string }[]): Answer => {
    const batchId = randomUUID();
    const refused = files
      .filter(({ text }) => text.startsWith('bad'))
      .map(({ name }) => ({
        filename: rename(name),
        code: 'UNSUPPORTED_IMAGE',
        detail: `${name} is "not an image"`,
      }));
    if (refused.length === files.length) {
      const errors = refused.map(({ filename, detail }) => ({ field: filename, detail }));
      return problem(415, 'UNSUPPORTED_IMAGE', 'No file is an image', errors);
    }
    const accepted = files
      .filter(({ text }) => !text.startsWith('bad'))
      .map(({ name }) => ({ id: randomUUID(), batchId, filename: rename(name) }));
    images.push(...accepted);
    const listed = accepted.map(({ id, filename }) => ({ id, filename, status: 'queued' }));
    return {
      status: 202,
      body: { batchId, images: listed, refused, links: { batch: `/api/batches/${batchId}` } },
    };
  };

  const upload = async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request);
    if (body.length > maxRequestBytes) return problem(413, 'TOO_LARGE', 'The request is too large');
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type']! },
    }).formData();
    const parts = [...form.values()].filter((part) => typeof part !== 'string');
    const files = await Promise.all(
      parts.map(async (part) => {
        const bytes = Buffer.from(await part.arrayBuffer());
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { name: part.name, type: part.type, sha256, text: bytes.toString('latin1') };
      }),
    );
    const key = request.headers['idempotency-key'] as string | undefined;
    uploads.push({ key, files: files.map(({ text: _text, ...file }) => file) });
    const answer = (key && answers.get(key)) || accept(files);
    if (key) answers.set(key, answer);
    return answer;
  };

  /** An image as GET /api/images gives it. */
  const view = ({ id, batchId, filename }: Stored) => ({
    id,
    batchId,
    filename,
    contentType: 'image/jpeg',
    size: 1,
    sha256: '',
    status: 'organized',
    uploadedAt: '2024-01-01T00:00:00Z',
    deletedAt: null,
    duplicateOf: null,
    metadata: null,
    text: null,
    textConfidence: null,
    language: null,
    caption: null,
    tags: [],
    placement: {
      folder: 'Receipts',
      by: 'auto',
      confidence: 0.9,
      reason: 'it says total, cash and change',
      runnerUp: null,
      matchedWords: ['total'],
      needsReview: false,
      suggestions: [],
      filename,
      model: 'local',
      promptVersion: '1',
    },
    stages: Object.fromEntries(
      ['extract', 'classify', 'organize'].map((name) => [
        name,
        { status: 'done', attempts: 1, durationMs: 5, error: null },
      ]),
    ),
    links: {
      self: '',
      original: '',
      text: '',
      compressed: '',
      thumbnails: { small: '', medium: '' },
      history: '',
    },
  });
  const list = (items: Stored[]) => ({ items: items.map(view), nextCursor: null });

  const read = (url: URL): Answer => {
    const batchId = /^\/api\/batches\/(.+)$/.exec(url.pathname)?.[1];
    if (batchId) {
      const items = images.filter((image) => image.batchId === batchId);
      const counts = { total: items.length, organized: items.length, failed: 0 };
      const times = { createdAt: '2024-01-01T00:00:00Z', completedAt: '2024-01-01T00:00:01Z' };
      return {
        status: 200,
        body: { id: batchId, status: 'completed', ...counts, ...times, images: list(items) },
      };
    }
    if (url.pathname !== '/api/images') return problem(404, 'NOT_FOUND', 'No such thing');
    const batch = url.searchParams.get('batch');
    return { status: 200, body: list(images.filter((image) => !batch || image.batchId === batch)) };
  };

  const answerUpload = async (request: IncomingMessage, response: ServerResponse) => {
    const mishap = mishaps.shift();
    if (mishap === 'busy' || mishap === 'broken' || mishap === 'expired') await readBody(request);
    if (mishap === 'expired') return send(response, problem(401, 'TOKEN_EXPIRED', 'The token expired'));
    if (mishap === 'busy')
      return send(response.setHeader('Retry-After', '1'), problem(429, 'TOO_MANY_REQUESTS', 'Slow down'));
    if (mishap === 'broken') return send(response, problem(503, 'UNAVAILABLE', 'The catalogue is away'));
    const answer = await upload(request);
    if (mishap === 'lost') return void request.socket.destroy();
    if (mishap === 'silent') return silence.resolve();
    send(response, answer);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'http://localhost');
    if (url.pathname === '/login') return send(response, logIn(request));
    if (request.headers.authorization !== `Bearer token-${logins}`) {
      await readBody(request);
      return send(response, problem(401, 'NOT_AUTHENTICATED', 'Log in first'));
    }
    return url.pathname === '/upload' ? answerUpload(request, response) : send(response, read(url));
  };

  const server = createServer(
    (request, response) => void handle(request, response).catch(() => response.destroy()),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    uploads,
    images,
    mishaps,
    get logins() {
      return logins;
    },
    /** Resolves when the first upload with the mishap `silent` is stored. */
    silence: silence.promise,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
