import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const schema = z.object({
  CLASSIFY_REVIEW_BELOW: z.coerce.number('must be a number from 0 to 1').min(0).max(1).default(0.5),
  LOG_LEVEL: setting.logLevel('info'),
});

export interface ClassifierConfig {
  /** Confidence, 0 to 1, under which an image goes to Unsorted for a person to look at. */
  readonly reviewBelow: number;
  readonly logLevel: z.output<typeof schema>['LOG_LEVEL'];
}

/** @throws ConfigError listing every problem */
export function readClassifierConfig(
  env: Record<string, string | undefined> = process.env,
): ClassifierConfig {
  const settings = readConfig(schema, env);
  return Object.freeze({ reviewBelow: settings.CLASSIFY_REVIEW_BELOW, logLevel: settings.LOG_LEVEL });
}
