import { batch, type Batch } from '@image-organizer/contracts/http/batch';
import { imageList, type Image } from '@image-organizer/contracts/http/image';
import { problem } from '@image-organizer/contracts/http/problem';
import { session } from '@image-organizer/contracts/http/session';
import { uploadAnswer, type UploadAnswer } from '@image-organizer/contracts/http/upload';

/** An answer that is no success, in the server's words. `detail` has a line for each file where there are several. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Nobody listens there, or the connection broke. */
export class NoAnswerError extends Error {}

async function errorOf(response: Response): Promise<ApiError> {
  const parsed = problem.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return new ApiError(response.status, `${response.url} answered ${response.status}`);
  const { detail, errors = [] } = parsed.data;
  return new ApiError(
    response.status,
    [detail, ...errors.map((error) => `${error.field}: ${error.detail}`)].join('\n'),
  );
}

/** A rate limit begins anew each minute; who is locked out for longer is told so. */
const longestWaitSeconds = 60;

interface LoginOptions {
  url: string;
  email: string;
  password: string;
  wait: (milliseconds: number) => Promise<unknown>;
}

export type ApiClient = Awaited<ReturnType<typeof logIn>>;

/**
 * Logs in and returns the calls that the demo needs, each answer checked against the contract.
 * @throws ApiError, NoAnswerError (so do the calls)
 */
export async function logIn({ url, email, password, wait }: LoginOptions) {
  const request = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(new URL(path, url), init).catch((cause: unknown) => {
      throw new NoAnswerError(`${url} does not answer`, { cause });
    });
    const waitSeconds = Number(response.headers.get('retry-after'));
    if (response.status === 429 && waitSeconds > 0 && waitSeconds <= longestWaitSeconds) {
      await response.body?.cancel();
      await wait(waitSeconds * 1000);
      return request(path, init);
    }
    if (!response.ok) throw await errorOf(response);
    return response.json();
  };
  const basic = Buffer.from(`${email}:${password}`).toString('base64');
  const login = await request('/login', { method: 'POST', headers: { authorization: `Basic ${basic}` } });
  const authorization = `Bearer ${session.parse(login).accessToken}`;
  const get = (path: string) => request(path, { headers: { authorization } });

  return {
    /** @param key Idempotency-Key: the same key gives the batch of the first time */
    async upload(files: File[], key: string): Promise<UploadAnswer> {
      const body = new FormData();
      for (const file of files) body.append('file', file);
      const headers = { authorization, 'idempotency-key': key };
      return uploadAnswer.parse(await request('/upload', { method: 'POST', headers, body }));
    },
    async batch(id: string): Promise<Batch> {
      return batch.parse(await get(`/api/batches/${id}`));
    },
    /** All images that match, page by page. */
    async images(query: Record<string, string>): Promise<Image[]> {
      const found: Image[] = [];
      let cursor: string | null = null;
      do {
        const parameters = new URLSearchParams({ ...query, limit: '200', ...(cursor && { cursor }) });
        const page = imageList.parse(await get(`/api/images?${parameters.toString()}`));
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return found;
    },
  };
}
