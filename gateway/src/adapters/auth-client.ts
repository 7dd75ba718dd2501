import type { Jwks } from '@image-organizer/contracts/http/access-token';
import { AppError } from '@image-organizer/platform/errors';
import { traceContext, withSpan } from '@image-organizer/platform/tracing';

export class AuthUnavailableError extends AppError {
  readonly code = 'AUTH_UNAVAILABLE';
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
  constructor(cause: unknown) {
    super('Accounts cannot be checked right now: try again in a moment.', { cause });
  }
}

export interface ForwardedRequest {
  /** /login */
  path: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

export interface ForwardedAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** The auth service, over HTTP. Each method @throws AuthUnavailableError when it does not answer in time. */
export interface AuthClient {
  /** POSTs what a client sent, as it is. */
  forward(request: ForwardedRequest): Promise<ForwardedAnswer>;
  /** The keys that access tokens are signed with. */
  fetchJwks(): Promise<Jwks>;
}

export function createAuthClient(authUrl: string, timeoutMs = 10_000): AuthClient {
  const ask = (path: string, init: RequestInit & { method: string; headers: Record<string, string> }) =>
    withSpan(`${init.method} ${path}`, { 'http.request.method': init.method }, () => send(path, init), {
      kind: 'client',
    });
  async function send(
    path: string,
    init: RequestInit & { headers: Record<string, string> },
  ): Promise<ForwardedAnswer> {
    try {
      const answer = await fetch(`${authUrl}${path}`, {
        ...init,
        headers: { ...init.headers, ...traceContext() },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {
        status: answer.status,
        headers: answer.headers,
        body: Buffer.from(await answer.arrayBuffer()),
      };
    } catch (error) {
      throw new AuthUnavailableError(error);
    }
  }
  return {
    forward: ({ path, headers, body }) => ask(path, { method: 'POST', headers, body }),
    async fetchJwks() {
      const { status, body } = await ask('/.well-known/jwks.json', { method: 'GET', headers: {} });
      if (status !== 200)
        throw new AuthUnavailableError(new Error(`the keys were answered with status ${status}`));
      return JSON.parse(body.toString()) as Jwks; // the verifier checks it
    },
  };
}
