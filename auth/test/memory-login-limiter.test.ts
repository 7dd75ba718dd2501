import { createMemoryLoginLimiter } from '../src/adapters/memory-login-limiter.ts';
import { describeLoginLimiter } from './describe-login-limiter.ts';

describeLoginLimiter('memory', async () => createMemoryLoginLimiter());
