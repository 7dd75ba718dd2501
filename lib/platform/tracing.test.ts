import { startOtlpReceiver } from '@image-organizer/testing/otlp-receiver';
import { silentLog } from './log.ts';
import {
  annotateSpan,
  exemplarLabels,
  startTracing,
  traceContext,
  withSpan,
  type Tracing,
} from './tracing.ts';

/** Two spans, one in the other. @returns what the inner one sees */
const work = (from?: { traceparent?: string }) =>
  withSpan(
    'outer',
    {},
    () =>
      withSpan('inner', { step: 1 }, async () => {
        annotateSpan({ outcome: 'done' });
        return { ...traceContext(), exemplar: exemplarLabels() };
      }),
    from && { from },
  );

describe('tracing', () => {
  let tracing: Tracing;
  const start = async (settings: { endpoint?: string; sampleRatio?: number }) => {
    tracing = await startTracing({ service: 'test', log: silentLog(), ...settings });
  };
  afterEach(() => tracing.stop());

  it('When there is no endpoint, then the work is done without traces', async () => {
    await start({});
    expect(tracing.on).toBe(false);
    expect(await work()).toEqual({ exemplar: {} });
  });

  it('When it is stopped, then the collector has every span, each part of the one around it', async () => {
    const receiver = await startOtlpReceiver();
    await start({ endpoint: receiver.url });
    const { traceparent, exemplar } = await work();
    await tracing.stop();
    await receiver.close();
    const [inner, outer] = receiver.spans;
    expect(inner).toMatchObject({ name: 'inner', service: 'test', parentSpanId: outer!.spanId });
    expect(inner!.attributes).toEqual({ step: 1, outcome: 'done' });
    expect(traceparent).toBe(`00-${outer!.traceId}-${inner!.spanId}-01`);
    expect(exemplar).toEqual({ trace_id: outer!.traceId });
  });

  it('When a trace comes from elsewhere, then it goes on, and what is none begins a new one', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    await start({ endpoint: 'http://127.0.0.1:1' });
    expect((await work({ traceparent: `00-${trace}-00f067aa0ba902b7-01` })).traceparent).toContain(trace);
    for (const from of [{}, { traceparent: 'nonsense' }])
      expect((await work(from)).exemplar).toEqual({ trace_id: expect.not.stringContaining(trace) });
  });

  it('When no trace is to be kept, then none is sent and no exemplar names one', async () => {
    const receiver = await startOtlpReceiver();
    await start({ endpoint: receiver.url, sampleRatio: 0 });
    expect((await work()).exemplar).toEqual({});
    await tracing.stop();
    await receiver.close();
    expect(receiver.spans).toEqual([]);
  });

  it('When the work fails, then its error is passed on', async () => {
    await start({ endpoint: 'http://127.0.0.1:1' });
    const broken = withSpan('broken', {}, () => Promise.reject(new Error('no disk')));
    await expect(broken).rejects.toThrow('no disk');
  });
});
