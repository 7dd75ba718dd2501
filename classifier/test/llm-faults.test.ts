import { PostponedError } from '@image-organizer/platform/errors';
import { type ChatBehaviour, filingAnswer, wordsIn } from '@image-organizer/testing/openai-server';
import { costOf, createLedger, startLlm } from './llm-setup.ts';

const minute = 60_000;
const error500: ChatBehaviour = { kind: 'status', status: 500 };
const postponed = async (made: Promise<unknown>): Promise<number> => {
  const error = await made.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(PostponedError);
  return (error as PostponedError).delayMs;
};

describe('a language model that misbehaves', () => {
  it.each([
    ['no JSON', 'I would file it under letters.'],
    ['half a JSON', '{"caption": "A let'],
    ['nothing', ''],
    ['a folder that is none', filingAnswer({ folder: 'Etcetera' })],
    ['a new folder without a name', filingAnswer({ folder: '(new folder)' })],
    ['another shape', { folder: ['(unclear)'], confidence: 90 }],
  ])('When it answers %s, then it is asked once more with what was wrong', async (_case, content) => {
    await using llm = await startLlm();
    llm.server.next(
      { kind: 'answer', content },
      { kind: 'answer', content: filingAnswer({ confidence: 0.8 }) },
    );
    expect(await llm.decide()).toMatchObject({ model: 'small-model', usage: costOf(2) });
    expect(wordsIn(llm.server.requests[1]!)).toMatch(/That answer cannot be used\. \S/);
    expect(await llm.counted('llm_requests_total', { outcome: 'invalid' })).toBe(1);
  });

  it('When the repair is no better, then the local decision goes to review, marked so', async () => {
    await using llm = await startLlm();
    llm.server.always(() => ({ kind: 'answer', content: '?' }));
    expect(await llm.decide()).toMatchObject({
      model: 'local',
      needsReview: true,
      reason: expect.stringContaining('The language model gave no valid answer'),
      usage: costOf(2),
    });
    expect(llm.server.requests).toHaveLength(2);
  });

  it('When thoughts and a code fence surround the answer, then it is read', async () => {
    await using llm = await startLlm();
    const content = `<think>Is it {a letter}?</think>\n\`\`\`json\n${JSON.stringify(filingAnswer())}\n\`\`\``;
    llm.server.next({ kind: 'answer', content });
    expect(await llm.decide()).toMatchObject({ model: 'small-model', usage: costOf(1) });
  });

  it('When the server does not count tokens, then they are estimated', async () => {
    await using llm = await startLlm();
    llm.server.next({ kind: 'answer', content: filingAnswer(), usage: null });
    const { usage } = await llm.decide();
    expect(usage!.promptTokens).toBeGreaterThan(100);
    expect(usage!.completionTokens).toBeGreaterThan(10);
  });

  it.each([429, 503])(
    'When it answers %i with Retry-After, then the work is postponed by that, and nobody asks meanwhile',
    async (status) => {
      await using llm = await startLlm();
      llm.server.next({ kind: 'status', status, headers: { 'retry-after': '20' } });
      expect(await postponed(llm.decide())).toBe(20_000);
      llm.advance(5_000);
      expect(await postponed(llm.decide())).toBe(15_000);
      expect(llm.server.requests).toHaveLength(1);
      llm.advance(15_000);
      expect(await llm.decide()).toMatchObject({ model: 'small-model' });
    },
  );

  it.each<[string, ChatBehaviour]>([
    ['500', error500],
    ['429 without Retry-After', { kind: 'status', status: 429 }],
    ['that the key is wrong', { kind: 'status', status: 401 }],
    ['half an answer and hangs up', { kind: 'half', then: 'drop' }],
    ['half an answer and no more', { kind: 'half', then: 'hang' }],
    ['nothing at all', { kind: 'hang' }],
  ])('When it answers %s, then the local classifier decides, marked so', async (_case, behaviour) => {
    await using llm = await startLlm({ model: { timeoutMs: 300 } });
    llm.server.next(behaviour);
    expect(await llm.decide()).toMatchObject({
      model: 'local',
      reason: expect.stringContaining('The language model did not answer'),
      usage: { calls: 1, promptTokens: 0 },
    });
    expect(llm.server.requests).toHaveLength(1);
  });

  it.each<[string, ChatBehaviour]>([
    ['nothing', { kind: 'hang' }],
    ['half', { kind: 'half', then: 'hang' }],
  ])(
    'When it says %s and then hangs, then the call ends with its time-out, and is counted as such',
    async (_case, hang) => {
      await using llm = await startLlm({ model: { timeoutMs: 300 } });
      llm.server.next(hang);
      await llm.decide();
      expect(await llm.counted('llm_requests_total', { outcome: 'timeout' })).toBe(1);
    },
  );

  it('When it is down and the setting is to wait, then the work is postponed', async () => {
    await using llm = await startLlm({ config: { whenDown: 'wait' } });
    llm.server.next(error500);
    expect(await postponed(llm.decide())).toBe(5_000);
  });

  it('When nobody listens, then the error names the server and no secret', async () => {
    const llm = await startLlm({ config: { whenDown: 'wait' }, model: { apiKey: 'sk-secret' } });
    await llm.server.close();
    const error = (await llm.decide().catch((error: unknown) => error)) as Error;
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    expect(error.message).not.toContain('sk-secret');
  });

  it('When five calls in a row fail, then it is left alone, and probed once until it answers', async () => {
    await using llm = await startLlm();
    llm.server.always(() => error500);
    for (let nth = 0; nth < 7; nth++) await llm.decide();
    expect(llm.server.requests).toHaveLength(5);
    expect(await llm.counted('llm_calls_avoided_total', { reason: 'down' })).toBe(2);
    llm.advance(minute);
    await Promise.all([llm.decide(), llm.decide()]);
    expect(llm.server.requests).toHaveLength(6);
    llm.server.always(() => ({ kind: 'answer', content: filingAnswer() }));
    llm.advance(minute);
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
  });

  it('When it refuses one image, then that is decided locally and the next is asked about', async () => {
    await using llm = await startLlm();
    llm.server.next({ kind: 'status', status: 400, message: 'content policy' });
    expect(await llm.decide()).toMatchObject({ model: 'local', reason: expect.stringContaining('refused') });
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
  });
});

describe('a server that lacks something', () => {
  it('When it takes no JSON schema, then JSON mode is used, from then on', async () => {
    await using llm = await startLlm();
    llm.server.next({ kind: 'status', status: 400, message: 'response_format json_schema is not supported' });
    llm.server.always(() => ({ kind: 'answer', content: filingAnswer() }));
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
    await llm.decide();
    const formats = llm.server.requests.map(({ body }) => body.response_format?.type);
    expect(formats).toEqual(['json_schema', 'json_object', 'json_object']);
    expect(wordsIn(llm.server.requests[1]!)).toContain('JSON schema of the answer: {');
  });

  it('When it takes no form of answer at all, then the prompt alone asks for it', async () => {
    await using llm = await startLlm();
    const refusal: ChatBehaviour = {
      kind: 'status',
      status: 400,
      message: "unknown field 'response_format'",
    };
    llm.server.next(refusal, refusal, { kind: 'answer', content: filingAnswer() });
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
    expect(llm.server.requests[2]!.body).not.toHaveProperty('response_format');
  });

  it('When it takes no images, then that image is decided locally and later ones by their text', async () => {
    await using llm = await startLlm({ thumbnails: async () => Buffer.from('a jpeg') });
    llm.server.next({ kind: 'status', status: 400, message: 'this model does not support image input' });
    expect(await llm.decide({ text: '' })).toMatchObject({ model: 'local', toDir: 'Unsorted' });
    expect(await llm.decide({ text: 'Port Anson' })).toMatchObject({ model: 'small-model' });
    expect(JSON.stringify(llm.server.requests[1]!.body)).not.toContain('image_url');
  });

  it('When it knows only the older name of the token limit, then that is used', async () => {
    await using llm = await startLlm();
    llm.server.next({ kind: 'status', status: 422, message: 'extra field: max_completion_tokens' });
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
    expect(llm.server.requests[1]!.body).toMatchObject({ max_tokens: 2_000 });
  });
});

describe('budgets', () => {
  it('When an owner’s tokens of the day are spent, then words decide for that owner until the next day', async () => {
    await using llm = await startLlm({ dailyTokensPerOwner: 1_000 });
    for (let nth = 0; nth < 3; nth++) await llm.decide();
    expect(llm.server.requests).toHaveLength(2);
    expect(await llm.decide()).toMatchObject({
      model: 'local',
      reason: expect.stringContaining('today’s budget for it is spent'),
    });
    expect(await llm.decide({ ownerId: 'another' })).toMatchObject({ model: 'small-model' });
    llm.advance(14 * 60 * minute);
    expect(await llm.decide()).toMatchObject({ model: 'small-model' });
  });

  it('When the day’s tokens are spent and the setting is to wait, then the work waits for midnight', async () => {
    await using llm = await startLlm({ dailyTokensPerOwner: 1, config: { whenDown: 'wait' } });
    await llm.decide();
    expect(await postponed(llm.decide())).toBe((13 * 60 + 35.5) * minute);
  });

  it('When replicas share a ledger, then they share the minute’s requests', async () => {
    const ledger = createLedger();
    await using one = await startLlm({ ledger, requestsPerMinute: 2 });
    await using other = await startLlm({ ledger, requestsPerMinute: 2 });
    await one.decide();
    await other.decide();
    expect(await postponed(one.decide())).toBe(30_000);
    one.advance(30_000);
    expect(await one.decide()).toMatchObject({ model: 'small-model' });
  });
});
