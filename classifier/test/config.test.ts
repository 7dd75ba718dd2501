import { readClassifierConfig } from '../src/config.ts';

describe('settings', () => {
  it('When nothing is set, then images under even odds are reviewed', () => {
    expect(readClassifierConfig({})).toEqual({
      reviewBelow: 0.5,
      classifier: { kind: 'local' },
      logLevel: 'info',
    });
  });

  it('When only a key for OpenAI lies about in the environment, then nothing is sent to anybody', () => {
    expect(readClassifierConfig({ OPENAI_API_KEY: 'key', OPENAI_MODEL: 'm' }).classifier.kind).toBe('local');
  });

  it('When a server and a model are named, then they are asked, within bounds', () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/', OPENAI_MODEL: 'qwen3' };
    expect(readClassifierConfig(env).classifier).toEqual({
      kind: 'openai',
      baseUrl: 'http://127.0.0.1:11434/v1',
      apiKey: undefined,
      model: 'qwen3',
      vision: 'auto',
      timeoutMs: 30_000,
      sureAbove: 0.9,
      dailyTokensPerOwner: undefined,
      requestsPerMinute: 60,
      whenDown: 'local',
      prices: { prompt: 0, completion: 0 },
    });
  });

  it('When a server is named without a model, then the model is asked for, beside every other problem', () => {
    const read = () =>
      readClassifierConfig({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', LLM_WHEN_DOWN: 'cry' });
    expect(read).toThrow(/LLM_WHEN_DOWN[\s\S]*OPENAI_MODEL|OPENAI_MODEL[\s\S]*LLM_WHEN_DOWN/);
  });

  it('When several settings are wrong, then all are named', () => {
    const read = () => readClassifierConfig({ CLASSIFY_REVIEW_BELOW: '1.5', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/CLASSIFY_REVIEW_BELOW[\s\S]*LOG_LEVEL/);
  });
});
