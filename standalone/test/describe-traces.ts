import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageBus } from '@image-organizer/adapters/message-bus/message-bus';
import { startOtlpReceiver, type SentSpan } from '@image-organizer/testing/otlp-receiver';
import { until } from '@image-organizer/testing/until';
import request from 'supertest';
import { startStandalone } from './start-standalone.ts';

const image = join(import.meta.dirname, '../../e2e/samples/odd-1x1.png');

/** From the upload's request to the email, over `makeBus()`. */
export function describeTraces(
  name: string,
  makeBus: () => Promise<{ bus?: MessageBus; dispose(): Promise<void> }>,
): void {
  describe(`Traces over ${name}`, () => {
    let spans: SentSpan[];
    let metrics: string;
    let lineOf: (name: string) => SentSpan[];

    beforeAll(async () => {
      const receiver = await startOtlpReceiver();
      const { bus, dispose } = await makeBus();
      const standalone = await startStandalone(
        { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
        bus ? { bus } : {},
      );
      await request(standalone.url)
        .post('/upload')
        .set('Authorization', await standalone.authorization())
        .attach('file', image)
        .expect(202);
      await until(async () => (await readdir(standalone.mailDirectory).catch(() => [])).length > 0);
      await until(async () => {
        metrics = (await request(standalone.url).get('/metrics').buffer(true)).text;
        return metrics.includes(
          'pipeline_stage_attempts_total{stage="email",outcome="done",service="standalone"} 1',
        );
      });
      await standalone.stop();
      await Promise.all([dispose(), receiver.close()]);
      spans = receiver.spans;
      lineOf = (wanted) => receiver.lineOf(spans.findLast((span) => span.name === wanted)!);
    }, 60_000);

    it('When an image is uploaded, then one trace leads from its request to the email', () => {
      const line = lineOf('email');
      expect(line.map((span) => span.name)).toEqual([
        'POST /upload',
        'upload',
        'publish image.uploaded',
        'process ocr.image-uploaded',
        'extract',
        'publish image.extracted',
        'process classifier.image-extracted',
        'classify',
        'publish image.classified',
        'process organizer.image-classified',
        'organize',
        'publish image.organized',
        'process organizer.image-organized',
        'publish batch.completed',
        'process notification.batch-completed',
        'email',
      ]);
      expect(new Set(line.map(({ traceId }) => traceId)).size).toBe(1);
    });

    it('When a stage ends, then its span tells how, and which attempt it was', () => {
      expect(lineOf('extract').at(-1)).toMatchObject({
        service: 'standalone',
        attributes: { attempt: 1, outcome: 'done' },
      });
    });

    it('When the gateway asks auth, then both have spans of one trace', () => {
      const logins = spans.filter((span) => span.name === 'POST /login');
      expect(logins).toHaveLength(3); // the gateway's, its question's and auth's
      expect(new Set(logins.map(({ traceId }) => traceId)).size).toBe(1);
    });

    it.each([
      ['http_request_duration_seconds_bucket', 'route="/upload"', 'POST /upload'],
      ['pipeline_stage_duration_seconds_bucket', 'stage="extract"', 'extract'],
    ])('When %s counts a request or an attempt, then an exemplar names its trace', (metric, label, span) => {
      const line = metrics
        .split('\n')
        .find((text) => text.startsWith(metric) && text.includes(label) && text.includes('# {'));
      expect(line).toContain(`# {trace_id="${lineOf(span)[0]!.traceId}"}`);
    });
  });
}
