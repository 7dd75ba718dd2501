import { base } from './jest.base.js';

/** `npm run test:faults`: the faults of delivery.md on real servers, one after the other because they kill these. */
export default {
  ...base,
  testMatch: ['**/e2e/faults/**/*.test.ts'],
  // The soak is long and has a command of its own: `npm run test:soak`.
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.SOAK ? [] : ['/e2e/faults/soak'])],
  testTimeout: 240_000,
  maxWorkers: 1,
};
