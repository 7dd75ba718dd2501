import { readClassifierConfig } from '../src/config.ts';

describe('settings', () => {
  it('When nothing is set, then images under even odds are reviewed', () => {
    expect(readClassifierConfig({})).toEqual({ reviewBelow: 0.5, logLevel: 'info' });
  });

  it('When several settings are wrong, then all are named', () => {
    const read = () => readClassifierConfig({ CLASSIFY_REVIEW_BELOW: '1.5', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/CLASSIFY_REVIEW_BELOW[\s\S]*LOG_LEVEL/);
  });
});
