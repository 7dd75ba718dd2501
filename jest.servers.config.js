import { base } from './jest.base.js';

/** `npm run test:servers`: adapters against the real servers that the `*_URL`s name. */
export default { ...base, testMatch: ['**/*.int.test.ts'], testTimeout: 60_000, maxWorkers: 1 }; // some kill the server that others use
