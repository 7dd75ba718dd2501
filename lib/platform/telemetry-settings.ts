import { z } from 'zod';
import { setting } from './config.ts';

/** The settings of every process about how it is watched. */
export const telemetrySettings = {
  METRICS_PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.httpUrl().optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number('must be a number from 0 to 1').min(0).max(1).default(1),
};

type Environment = z.output<z.ZodObject<typeof telemetrySettings>>;

export const telemetryOf = (env: Environment) => ({
  /** Where /metrics is, beside /healthz and /readyz; undefined: on the port of everything else. */
  metricsPort: env.METRICS_PORT,
  tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, sampleRatio: env.OTEL_TRACES_SAMPLER_ARG },
});
