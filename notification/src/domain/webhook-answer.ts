import type { Failure } from '@image-organizer/contracts/vocabulary';

/** What a receiver's answer means, or that there was none. */
export interface WebhookAnswer {
  /** `gone`: failed, and its endpoint wants no more. */
  verdict: 'sent' | 'retry' | 'failed' | 'gone';
  /** Null where there was no answer. */
  status: number | null;
  error: Failure | null;
  /** 0 where it asks for none. */
  retryAfterMs: number;
}

/** As Standard Webhooks has it: 2xx is taken, 410 is no more, 3xx is a mistake of the owner's, all else may pass. */
export function readAnswer(status: number, retryAfterMs: number): WebhookAnswer {
  const answer = (verdict: WebhookAnswer['verdict'], error: Failure | null) => ({
    ...{ verdict, status, error, retryAfterMs },
  });
  if (status >= 200 && status < 300) return answer('sent', null);
  if (status >= 300 && status < 400) {
    const detail = `It answered ${status}: redirects are not followed. Give the URL that it leads to.`;
    return answer('failed', { code: 'WEBHOOK_REDIRECTED', detail });
  }
  if (status === 410) {
    const detail = 'It answered 410 Gone: it wants no more calls.';
    return answer('gone', { code: 'WEBHOOK_GONE', detail });
  }
  return answer('retry', { code: 'WEBHOOK_REFUSED', detail: `It answered ${status}.` });
}

/** Without an answer. @param verdict whether another try may do better */
export const noAnswer = (verdict: 'retry' | 'failed', error: Failure): WebhookAnswer => ({
  ...{ verdict, status: null, error, retryAfterMs: 0 },
});
