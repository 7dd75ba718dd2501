import type { LlmUsage } from '@image-organizer/contracts/decision';
import type { Log } from '@image-organizer/platform/log';
import type { Metrics } from '@image-organizer/platform/metrics';
import { Counter } from 'prom-client';
import {
  avoidedReasons,
  callOutcomes,
  type AvoidedReason,
  type CallOutcome,
  type LlmReport,
} from './domain/llm-classifier.ts';

/** Log line and metrics of what happens with the model. */
export function createLlmReport({ metrics, log }: { metrics: Metrics; log: Log }): LlmReport {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers: [metrics] });
  const requests = counter<'outcome'>('llm_requests_total', 'Calls of the language model.', ['outcome']);
  const tokens = counter<'kind'>('llm_tokens_total', 'Tokens of prompts and answers.', ['kind']);
  const cost = counter('llm_cost_usd_total', 'Cost of the calls by the prices that are set, US dollars.');
  const avoided = counter<'reason'>('llm_calls_avoided_total', 'Images for which no model was asked.', [
    'reason',
  ]);
  // From the first scrape on, without a model too: an increase is seen only of what was there before.
  for (const outcome of callOutcomes) requests.inc({ outcome }, 0);
  for (const kind of ['prompt', 'completion']) tokens.inc({ kind }, 0);
  for (const reason of avoidedReasons) avoided.inc({ reason }, 0);
  return {
    called(outcome: CallOutcome, { promptTokens, completionTokens, costUsd }: LlmUsage, problem?: string) {
      requests.inc({ outcome });
      tokens.inc({ kind: 'prompt' }, promptTokens);
      tokens.inc({ kind: 'completion' }, completionTokens);
      cost.inc(costUsd);
      const facts = { outcome, promptTokens, completionTokens, problem };
      if (outcome === 'ok') log.debug(facts, 'language model answered');
      else log.warn(facts, 'language model gave no answer that can be used');
    },
    avoided(reason: AvoidedReason) {
      avoided.inc({ reason });
      log.debug({ reason }, 'language model not asked');
    },
  };
}
