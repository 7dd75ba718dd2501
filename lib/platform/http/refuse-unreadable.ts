import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { problemJson } from './problem-middleware.ts';

interface Refusal {
  status: number;
  reason: string;
  code: string;
  detail: string;
}

const refusals: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    code: 'HEADERS_TOO_LARGE',
    detail: 'The URL and the headers are longer than 16 KB together.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    code: 'REQUEST_TIMEOUT',
    detail: 'The request did not come to its end in time.',
  },
};
const malformed: Refusal = {
  status: 400,
  reason: 'Bad Request',
  code: 'MALFORMED_REQUEST',
  detail: 'This is no HTTP/1.1 request.',
};

/** What node refuses before any handler sees it gets problem+json too, and loses its connection. */
export function refuseUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const { status, reason, code, detail } = refusals[error.code ?? ''] ?? malformed;
    const body = problemJson({ status, code, detail, requestId: null });
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}
