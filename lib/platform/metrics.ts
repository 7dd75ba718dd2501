import { collectDefaultMetrics, Registry } from 'prom-client';

export type Metrics = Registry;

/** A registry of its own per process or test: nothing is registered globally. */
export function createMetrics(options: { service: string; process?: boolean }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  if (options.process ?? true) collectDefaultMetrics({ register: registry });
  return registry;
}
