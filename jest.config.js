import { base } from './jest.base.js';

/** `npm test`: everything that needs no server and no long run. */
export default {
  ...base,
  testTimeout: 30_000, // a busy machine is no failure
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/e2e/', '\\.int\\.test\\.ts$'],
};
