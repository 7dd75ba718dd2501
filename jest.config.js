import { base } from './jest.base.js';

/** `npm test`: everything that needs no server and no long run. */
export default {
  ...base,
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/e2e/', '\\.int\\.test\\.ts$'],
};
