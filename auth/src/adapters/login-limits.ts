import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { TooManyAttemptsError } from '../domain/errors.ts';
import type { LoginLimiter } from '../domain/login-limiter.ts';

const minute = 60;
const freeFailures = 5;
const firstBlockSeconds = 30;
const longestBlockSeconds = 15 * minute;

const blockSeconds = (failures: number) =>
  Math.min(longestBlockSeconds, firstBlockSeconds * 2 ** (failures - freeFailures));

/** One IPv6 customer has a whole /64 (RFC 6177), so that is what counts as one address. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address); // IPv4 mapped into IPv6 counts as IPv4
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}

/** Short and plain ASCII, whatever was typed; and what people mistype is not kept. */
const keyOf = (account: string) => createHash('sha256').update(account).digest('hex');

/** Duration in seconds. */
export interface Limit {
  keyPrefix: string;
  points: number;
  duration: number;
}

/** The rules of login limits, wherever the counts are kept. @param makeCounter one for each limit */
export function createLoginLimits(makeCounter: (limit: Limit) => RateLimiterAbstract): LoginLimiter {
  const failures = makeCounter({ keyPrefix: 'failures', points: freeFailures, duration: 24 * 60 * minute });
  const blocks = makeCounter({ keyPrefix: 'blocks', points: 1, duration: longestBlockSeconds });
  const addresses = makeCounter({ keyPrefix: 'addresses', points: 50, duration: 15 * minute });

  const checkOne = async (counter: RateLimiterAbstract, key: string) => {
    const state = await counter.get(key);
    if (!state || state.consumedPoints < counter.points || state.msBeforeNext <= 0) return;
    throw new TooManyAttemptsError(Math.ceil(state.msBeforeNext / 1000));
  };

  return {
    async check({ account, address }) {
      await checkOne(addresses, networkOf(address));
      await checkOne(blocks, keyOf(account));
    },
    async failed({ account, address }) {
      await addresses.penalty(networkOf(address));
      const { consumedPoints } = await failures.penalty(keyOf(account));
      if (consumedPoints >= freeFailures) await blocks.block(keyOf(account), blockSeconds(consumedPoints));
    },
    async succeeded({ account }) {
      await failures.delete(keyOf(account));
      await blocks.delete(keyOf(account));
    },
  };
}
