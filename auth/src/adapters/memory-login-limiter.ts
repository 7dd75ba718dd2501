import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { LoginLimiter } from '../domain/login-limiter.ts';
import { createLoginLimits } from './login-limits.ts';

/** Counts in this process alone: right for one instance; several allow so many times more. */
export const createMemoryLoginLimiter = (): LoginLimiter =>
  createLoginLimits((limit) => new RateLimiterMemory(limit));
