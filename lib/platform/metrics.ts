import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import { exemplarLabels } from './tracing.ts';

export type Metrics = Registry;

/**
 * A registry of its own per process or test: nothing is registered globally.
 * @param options.exemplars histograms of durations name a trace with each bucket; the registry then speaks OpenMetrics
 */
export function createMetrics(options: { service: string; process?: boolean; exemplars?: boolean }): Metrics {
  const registry: Metrics = new Registry();
  if (options.exemplars) (registry as Registry<never>).setContentType(openMetrics as never);
  registry.setDefaultLabels({ service: options.service });
  if (options.process ?? true) collectDefaultMetrics({ register: registry });
  return registry;
}

const openMetrics: string = Registry.OPENMETRICS_CONTENT_TYPE;

/** A metric that several parts of one process have in common: the first of them makes it. */
export const sharedMetric = <Made extends Metric>(metrics: Metrics, name: string, make: () => Made): Made =>
  (metrics.getSingleMetric(name) as Made | undefined) ?? make();

/** A histogram of durations, with exemplars where the registry has them. @returns observes one, in seconds */
export function createDurations<Label extends string>(
  metrics: Metrics,
  options: { name: string; help: string; labelNames: readonly Label[]; buckets: number[] },
): (labels: Record<Label, string>, seconds: number) => void {
  const enableExemplars = metrics.contentType === openMetrics;
  const histogram = sharedMetric(
    metrics,
    options.name,
    () => new Histogram<Label>({ ...options, enableExemplars, registers: [metrics] }),
  );
  return (labels, value) =>
    enableExemplars
      ? histogram.observe({ labels, value, exemplarLabels: exemplarLabels() as object })
      : histogram.observe(labels, value);
}

/** `server_up{server}`. @param servers what each server's clients wait for, in words; nothing: it can be used */
export function registerServers(
  metrics: Metrics,
  servers: Partial<Record<'rabbitmq' | 'mongo' | 'mysql', () => string[]>>,
): void {
  new Gauge({
    name: 'server_up',
    help: 'Whether this process can use the server: 1 or 0.',
    labelNames: ['server'],
    registers: [metrics],
    collect() {
      for (const [server, waitingFor] of Object.entries(servers))
        this.set({ server }, waitingFor().length === 0 ? 1 : 0);
    },
  });
}

const longestQuestionMs = 1_000;

/** For gauges that ask a server. @returns undefined where it fails or takes longer than a second: a scrape waits for nobody */
export async function answerInTime<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  const answered = new AbortController();
  const tooLate = delay(longestQuestionMs, undefined, { signal: answered.signal }).catch(() => undefined);
  try {
    return await Promise.race([answer.catch(() => undefined), tooLate]);
  } finally {
    answered.abort();
  }
}
