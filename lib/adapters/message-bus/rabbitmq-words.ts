import { messageOf } from '@image-organizer/platform/errors';

/** The server as people may read it: without user and password. */
export function serverName(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `RabbitMQ at ${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

const words: [RegExp, string][] = [
  [/ECONNREFUSED/, 'connection refused'],
  [/ENOTFOUND|EAI_AGAIN/, 'the host name is unknown'],
  [/ETIMEDOUT|EHOSTUNREACH/, 'no answer'],
  [/ACCESS[_-]REFUSED/, 'wrong user or password, or no permission'],
  [
    /NOT[_-]ALLOWED|Expected ConnectionOpenOk/,
    'the virtual host does not exist or the user may not enter it',
  ],
  [/ECONNRESET|EPIPE|closed abruptly|Unexpected close/, 'the connection broke off'],
  [/Heartbeat timeout/, 'the server fell silent'],
  [/CONNECTION[_-]FORCED/, 'the server is shutting down'],
];

/** Why something on a connection failed, in words and without a secret. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  const message = messageOf(error);
  const text = `${String(code)} ${message}`;
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? message;
}
