import { readConfig, setting } from '@image-organizer/platform/config';
import { z } from 'zod';

const share = (fallback: number) =>
  z.coerce.number('must be a number from 0 to 1').min(0).max(1).default(fallback);
const price = () => z.coerce.number('must be a price in US dollars').min(0).default(0);

const schema = z
  .object({
    CLASSIFY_REVIEW_BELOW: share(0.5),
    CLASSIFY_SURE_ABOVE: share(0.9),
    OPENAI_BASE_URL: setting.httpUrl().optional(),
    OPENAI_API_KEY: z.string().optional(),
    OPENAI_MODEL: z.string().optional(),
    OPENAI_VISION: z.enum(['auto', 'on', 'off'], 'must be auto, on or off').default('auto'),
    LLM_DAILY_TOKENS_PER_OWNER: z.coerce.number('must be a number of tokens').int().min(1).optional(),
    LLM_REQUESTS_PER_MINUTE: setting.count(60, 100_000),
    // Two answers of this length, a call and its repair, have to fit into the stage's deadline.
    LLM_TIMEOUT_MS: z.coerce
      .number('must be a number of milliseconds')
      .int()
      .min(1)
      .max(50_000)
      .default(30_000),
    LLM_WHEN_DOWN: z.enum(['local', 'wait'], 'must be local or wait').default('local'),
    LLM_PRICE_PER_MILLION_PROMPT: price(),
    LLM_PRICE_PER_MILLION_COMPLETION: price(),
    LOG_LEVEL: setting.logLevel('info'),
  })
  .refine(({ OPENAI_BASE_URL, OPENAI_MODEL }) => !OPENAI_BASE_URL || OPENAI_MODEL, {
    path: ['OPENAI_MODEL'],
    message: 'is needed with OPENAI_BASE_URL: the name of the model to ask',
    when: () => true,
  });
type Settings = z.output<typeof schema>;

/** Whom to ask for folders: words alone, or a language model where words are not enough. */
export type ClassifierChoice =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'openai';
      readonly baseUrl: string;
      readonly apiKey: string | undefined;
      readonly model: string;
      readonly vision: Settings['OPENAI_VISION'];
      readonly timeoutMs: number;
      /** Confidence of the local classifier from which no call is made. */
      readonly sureAbove: number;
      /** Undefined: no limit. */
      readonly dailyTokensPerOwner: number | undefined;
      readonly requestsPerMinute: number;
      readonly whenDown: Settings['LLM_WHEN_DOWN'];
      /** US dollars per million tokens. */
      readonly prices: { readonly prompt: number; readonly completion: number };
    };

export interface ClassifierConfig {
  /** Confidence, 0 to 1, under which an image goes to Unsorted for a person to look at. */
  readonly reviewBelow: number;
  readonly classifier: ClassifierChoice;
  readonly logLevel: Settings['LOG_LEVEL'];
}

/** @throws ConfigError listing every problem */
export function readClassifierConfig(
  env: Record<string, string | undefined> = process.env,
): ClassifierConfig {
  const settings = readConfig(schema, env);
  return Object.freeze({
    reviewBelow: settings.CLASSIFY_REVIEW_BELOW,
    classifier: Object.freeze(choiceOf(settings)),
    logLevel: settings.LOG_LEVEL,
  });
}

function choiceOf(settings: Settings): ClassifierChoice {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model } = settings;
  if (!baseUrl || !model) return { kind: 'local' };
  return {
    kind: 'openai',
    baseUrl,
    apiKey: settings.OPENAI_API_KEY,
    model,
    vision: settings.OPENAI_VISION,
    timeoutMs: settings.LLM_TIMEOUT_MS,
    sureAbove: settings.CLASSIFY_SURE_ABOVE,
    dailyTokensPerOwner: settings.LLM_DAILY_TOKENS_PER_OWNER,
    requestsPerMinute: settings.LLM_REQUESTS_PER_MINUTE,
    whenDown: settings.LLM_WHEN_DOWN,
    prices: {
      prompt: settings.LLM_PRICE_PER_MILLION_PROMPT,
      completion: settings.LLM_PRICE_PER_MILLION_COMPLETION,
    },
  };
}
