import { describeTraces } from './describe-traces.ts';

describeTraces('the memory bus', async () => ({ dispose: async () => {} }));
