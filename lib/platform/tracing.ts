import {
  context,
  diag,
  DiagLogLevel,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Span,
} from '@opentelemetry/api';
import { messageOf } from './errors.ts';
import type { Log } from './log.ts';

/** A trace on its way between processes: a header, a message, an outbox entry. W3C Trace Context. */
export interface TraceCarrier {
  /** 00-<trace id>-<span id>-<flags> */
  traceparent?: string | undefined;
}

export interface TracingSettings {
  /** http://collector:4318; missing: no traces. */
  endpoint?: string | undefined;
  /** Of the traces that begin here, 0 to 1. What another process began is kept or dropped as it decided. */
  sampleRatio?: number;
}

/** With all its retries. A stop waits as long for a collector that is down. */
const exportTimeoutMs = 3_000;

export interface Tracing {
  readonly on: boolean;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/**
 * Sends this process's spans to an OTLP collector, in the background; one that is down costs spans and nothing else.
 * Without an endpoint the SDK is not even loaded, and every span below is a no-op. OTEL_RESOURCE_ATTRIBUTES,
 * OTEL_SERVICE_NAME and OTEL_EXPORTER_OTLP_HEADERS are read as the standard says.
 */
export async function startTracing({
  service,
  log,
  endpoint,
  sampleRatio = 1,
}: TracingSettings & { service: string; log: Log }): Promise<Tracing> {
  if (endpoint === undefined) return { on: false, stop: async () => {} };
  const sdk = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const resources = await import('@opentelemetry/resources');

  const tell = (message: string) => log.warn({ reason: message }, 'tracing');
  diag.setLogger(
    { error: tell, warn: tell, info: () => {}, debug: () => {}, verbose: () => {} },
    DiagLogLevel.WARN,
  );
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: exportTimeoutMs });
  const provider = new sdk.TracerProvider({
    resource: resources
      .resourceFromAttributes({ 'service.name': service })
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    on: true,
    async stop() {
      await provider.shutdown().catch((error: unknown) => tell(messageOf(error)));
      for (const api of [trace, propagation, context, diag]) api.disable();
    },
  };
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export interface SpanOptions {
  kind?: keyof typeof kinds;
  /** What came from elsewhere: the span goes on with its trace, or begins one. Missing: it is part of the current span. */
  from?: TraceCarrier;
}

/** Runs `fn` in a span, which ends with its promise and is an error when that rejects. */
export function withSpan<Result>(
  name: string,
  attributes: Attributes,
  fn: (span: Span) => Promise<Result>,
  { kind = 'internal', from }: SpanOptions = {},
): Promise<Result> {
  const parent = from ? propagation.extract(ROOT_CONTEXT, from) : context.active();
  const span = trace.getTracer('image-organizer').startSpan(name, { kind: kinds[kind], attributes }, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await fn(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Adds to the current span. @param problem why what it stands for has failed */
export function annotateSpan(attributes: Attributes, problem?: string): void {
  const span = trace.getActiveSpan();
  span?.setAttributes(attributes);
  if (problem !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR, message: problem });
}

/** The current span for whoever goes on with it elsewhere: to be spread into headers or a record. Empty without one. */
export function traceContext(): { traceparent?: string } {
  const carrier: TraceCarrier = {};
  propagation.inject(context.active(), carrier); // adds a tracestate too, where the trace came with one
  return carrier.traceparent === undefined ? {} : { traceparent: carrier.traceparent };
}

/** Labels of an exemplar: the current trace, where it is one that is sent. */
export function exemplarLabels(): Record<string, string> {
  const current = trace.getActiveSpan()?.spanContext();
  const sent = current && isSpanContextValid(current) && current.traceFlags & TraceFlags.SAMPLED;
  return sent ? { trace_id: current.traceId } : {};
}
