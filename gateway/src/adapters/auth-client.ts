import type { Jwks } from '@image-organizer/contracts/http/access-token';
import { apiTokenClaims, type ApiTokenClaims } from '@image-organizer/contracts/http/api-token';
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
  /** POST */
  method: string;
  /** /login; with the query */
  path: string;
  headers: Record<string, string>;
  /** Undefined with methods that have none. */
  body: Uint8Array<ArrayBuffer> | undefined;
}

export interface ForwardedAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** The auth service, over HTTP. Each method @throws AuthUnavailableError when it does not answer in time. */
export interface AuthClient {
  /** Sends on what a client sent, as it is. */
  forward(request: ForwardedRequest): Promise<ForwardedAnswer>;
  /** The keys that access tokens are signed with. */
  fetchJwks(): Promise<Jwks>;
  /** What an API token may do, by the SHA-256 of its text in hex; undefined: nothing any more. */
  fetchApiTokenClaims(hash: string): Promise<ApiTokenClaims | undefined>;
}

/** Only the gateway asks for it: nothing below /internal is forwarded. */
const verifyPath = '/internal/api-tokens/verify';

export function createAuthClient(authUrl: string, timeoutMs = 10_000): AuthClient {
  const ask = (path: string, init: RequestInit & { method: string; headers: Record<string, string> }) =>
    withSpan(
      `${init.method} ${spanPathOf(path)}`,
      { 'http.request.method': init.method },
      () => send(path, init),
      {
        kind: 'client',
      },
    );
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
    forward: ({ method, path, headers, body }) => ask(path, { method, headers, ...(body && { body }) }),
    async fetchJwks() {
      const { status, body } = await ask('/.well-known/jwks.json', { method: 'GET', headers: {} });
      if (status !== 200)
        throw new AuthUnavailableError(new Error(`the keys were answered with status ${status}`));
      return JSON.parse(body.toString()) as Jwks; // the verifier checks it
    },
    async fetchApiTokenClaims(hash) {
      const headers = { 'Content-Type': 'application/json' };
      const { status, body } = await ask(verifyPath, {
        ...{ method: 'POST', headers },
        body: JSON.stringify({ hash }),
      });
      if (status === 404) return undefined;
      if (status !== 200)
        throw new AuthUnavailableError(new Error(`an API token was answered with status ${status}`));
      return apiTokenClaims.parse(JSON.parse(body.toString()));
    },
  };
}

/** Without the query and without ids: names of spans are few. */
const spanPathOf = (path: string) => path.replace(/\?.*/, '').replace(/[0-9a-f-]{36}/g, '{id}');
