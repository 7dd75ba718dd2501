import ipaddr from 'ipaddr.js';
import { RateLimiterMemory } from 'rate-limiter-flexible';
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

/** Counts in this process alone: right for one instance; several allow so many times more. */
export function createMemoryLoginLimiter(): LoginLimiter {
  const failures = new RateLimiterMemory({ points: freeFailures, duration: 24 * 60 * minute });
  const blocks = new RateLimiterMemory({ points: 1, duration: longestBlockSeconds });
  const addresses = new RateLimiterMemory({ points: 50, duration: 15 * minute });

  const checkOne = async (limiter: RateLimiterMemory, key: string) => {
    const state = await limiter.get(key);
    if (!state || state.consumedPoints < limiter.points || state.msBeforeNext <= 0) return;
    throw new TooManyAttemptsError(Math.ceil(state.msBeforeNext / 1000));
  };

  return {
    async check({ account, address }) {
      await checkOne(addresses, networkOf(address));
      await checkOne(blocks, account);
    },
    async failed({ account, address }) {
      await addresses.penalty(networkOf(address));
      const { consumedPoints } = await failures.penalty(account);
      if (consumedPoints >= freeFailures) await blocks.block(account, blockSeconds(consumedPoints));
    },
    async succeeded({ account }) {
      await failures.delete(account);
      await blocks.delete(account);
    },
  };
}
