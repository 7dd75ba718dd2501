import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as it was sent. */
export interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** Of the process that sent it. */
  service: string;
  attributes: Record<string, unknown>;
}

interface KeyValue {
  key: string;
  value: Record<string, unknown>;
}
interface TraceRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { spans: (Omit<SentSpan, 'attributes'> & { attributes: KeyValue[] })[] }[];
  }[];
}

const plain = (attributes: KeyValue[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** An OpenTelemetry collector that keeps the spans it is sent (OTLP over HTTP, JSON). */
export async function startOtlpReceiver() {
  const spans: SentSpan[] = [];
  const take = ({ resourceSpans }: TraceRequest) => {
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(plain(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({ ...span, service, attributes: plain(span.attributes) });
    }
  };
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    void json(request)
      .then((body) => take(body as TraceRequest))
      .finally(() => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    /** The span and those it is part of, outermost first. */
    lineOf(span: SentSpan): SentSpan[] {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      return parent ? [...this.lineOf(parent), span] : [span];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
