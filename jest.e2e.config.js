import { base } from './jest.base.js';

/** `npm run test:e2e`: journeys and faults against real processes over real HTTP. */
export default {
  ...base,
  testMatch: ['**/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/e2e/faults/', '\\.int\\.test\\.ts$'],
  testTimeout: 300_000,
};
