import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { AppError } from '@image-organizer/platform/errors';
import { createCheckedLookup, type Lookup } from './checked-lookup.ts';
import {
  FetchFailedError,
  FetchTimeoutError,
  ForbiddenAddressError,
  ForbiddenUrlError,
  TooManyRedirectsError,
} from './guarded-fetch-errors.ts';
import { limitBody } from './limited-body.ts';
import { createAddressCheck } from './public-address.ts';

export interface GuardedRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Of the answer's body. */
  maxBytes: number;
  /** 3 unless told. A GET follows them; 0, or a POST: a 3xx is returned as it is. */
  maxRedirects?: number;
  signal?: AbortSignal;
}

export interface GuardedResponse {
  /** Any: a 404 is an answer. */
  status: number;
  headers: Headers;
  /** Which answered, after redirects. */
  url: string;
  /** As sent, not decompressed. Read it or destroy it. Fails with one of the errors below, ResponseTooLargeError too. */
  body: Readable;
}

/** HTTP to addresses that strangers name: CSV imports, webhooks (design: security.md, "Fetching URLs"). */
export interface GuardedFetch {
  /**
   * @throws ForbiddenUrlError, ForbiddenAddressError, TooManyRedirectsError, FetchTimeoutError, FetchFailedError; whatever
   * `signal` is aborted with
   */
  fetch(url: string, request: GuardedRequest): Promise<GuardedResponse>;
  close(): Promise<void>;
}

export interface GuardedFetchOptions {
  /** CIDRs that are allowed though they are not public. */
  allowedNetworks: string[];
  ports: number[];
  /** Of the whole exchange: names, redirects and the body to its end. 15 s. */
  timeoutMs?: number;
  /** Instead of the system's, for tests. */
  lookup?: Lookup;
  /** Instead of the certificate authorities that the system trusts, for tests. */
  ca?: string;
}

/**
 * Asks public addresses alone, on the ports given, over http and https. A redirect may lead to whatever may be asked for
 * itself, from https to http too, and is checked as a URL is; what is secret in `headers` stays with the first origin.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { ports, timeoutMs = 15_000, ca } = options;
  const isAllowed = createAddressCheck(options.allowedNetworks);
  const connecting = { keepAlive: true, lookup: createCheckedLookup(isAllowed, options.lookup) };
  const agents = {
    'http:': new http.Agent(connecting),
    'https:': new https.Agent({ ...connecting, ...(ca === undefined ? {} : { ca }) }),
  };

  /** @throws ForbiddenUrlError, ForbiddenAddressError */
  function check(text: string, base?: URL): URL {
    const url = URL.parse(text, base?.href);
    if (!url) throw new ForbiddenUrlError('This is no URL: write it as https://example.org/image.jpg.');
    if (!isHttp(url)) throw new ForbiddenUrlError('Only http and https URLs are asked.');
    if (url.username || url.password)
      throw new ForbiddenUrlError('A URL with a user or a password in it is not asked.');
    if (!ports.includes(portOf(url)))
      throw new ForbiddenUrlError(`Only the ports ${ports.join(', ')} are asked, not ${portOf(url)}.`);
    // The lookup is skipped for these. URL has made 0x7f.1 and its like 127.0.0.1.
    if (isAddress(url.hostname) && !isAllowed(bare(url.hostname)))
      throw new ForbiddenAddressError(url.hostname);
    return url;
  }

  async function follow(first: URL, request: GuardedRequest, signal: AbortSignal) {
    const { method = 'GET', maxRedirects = 3 } = request;
    const most = method === 'GET' ? maxRedirects : 0;
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      const headers = url.origin === first.origin ? request.headers : withoutSecrets(request.headers);
      const response = await send(url, { ...request, method, headers: headers ?? {}, signal });
      const { location } = response.headers;
      if (most === 0 || !isRedirect(response.statusCode!) || location === undefined) return { url, response };
      response.destroy();
      if (redirects === most) throw new TooManyRedirectsError(most);
      url = check(location, url);
    }
  }

  function send(
    url: URL,
    { method, headers, body, signal }: GuardedRequest & { signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const agent = agents[url.protocol as keyof typeof agents];
    const { request } = url.protocol === 'https:' ? https : http;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request(url, { method, headers: { 'accept-encoding': 'identity', ...headers }, agent, signal })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
    return promise;
  }

  return {
    async fetch(text, request) {
      const url = check(text);
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(new FetchTimeoutError(timeoutMs)), timeoutMs);
      const end = () => clearTimeout(timer);
      const signal = request.signal ? AbortSignal.any([request.signal, abort.signal]) : abort.signal;
      try {
        const answered = await follow(url, request, signal);
        return {
          status: answered.response.statusCode!,
          headers: headersOf(answered.response),
          url: answered.url.href,
          body: limitBody(answered.response, { maxBytes: request.maxBytes, signal, onEnd: end }),
        };
      } catch (error) {
        end();
        if (signal.aborted) throw signal.reason;
        throw error instanceof AppError ? error : new FetchFailedError(error);
      }
    },
    async close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const isHttp = ({ protocol }: URL) => protocol === 'http:' || protocol === 'https:';
const portOf = ({ port, protocol }: URL) => Number(port || (protocol === 'https:' ? 443 : 80));
const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');
const isAddress = (hostname: string) => /^\[|^[\d.]+$/.test(hostname);
const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);

const withoutSecrets = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)));

const headersOf = ({ headersDistinct }: IncomingMessage) =>
  new Headers(
    Object.entries(headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );
