/** No server is waited for longer without asking it again. */
const longestMs = 3_600_000;

/**
 * What a server's Retry-After (RFC 9110: seconds or a date) or OpenAI's retry-after-ms asks for.
 * @returns milliseconds; undefined where it says nothing that can be read
 */
export function retryAfterMs(headers: Headers | undefined, now = new Date()): number | undefined {
  const exact = headers?.get('retry-after-ms');
  const header = headers?.get('retry-after');
  const ms = exact ? Number(exact) : header ? delayOf(header, now) : NaN;
  return Number.isFinite(ms) ? Math.min(longestMs, Math.max(0, ms)) : undefined;
}

const delayOf = (header: string, now: Date): number =>
  /^\s*[\d.]+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
