import { ConfigError } from '@image-organizer/platform/config';
import { readGatewayConfig } from '../src/config.ts';

const needed = { LINK_SECRET: 'x'.repeat(32), AUTH_URL: 'http://auth:8080/' };

describe('readGatewayConfig', () => {
  it('When only what is required is set, then the rest has its defaults', () => {
    expect(readGatewayConfig(needed)).toEqual({
      port: 8080,
      maxUploadBytes: 52_428_800,
      maxFilesPerUpload: 1_000,
      uploadGraceSeconds: 3_600,
      maxImportRows: 1_000_000,
      linkDays: 30,
      rateLimitPerMinute: 3_000,
      rateLimitPerAddress: 300,
      defaultQuota: { images: null, bytes: null },
      linkSecret: needed.LINK_SECRET,
      authUrl: 'http://auth:8080',
      publicUrl: '',
      logLevel: 'info',
    });
  });

  it('When several settings are wrong, then all are named at once and no value is shown', () => {
    const read = () =>
      readGatewayConfig({ LINK_SECRET: 'short-secret', AUTH_URL: 'auth', MAX_UPLOAD_BYTES: '-1' });
    expect(read).toThrow(ConfigError);
    for (const name of ['LINK_SECRET', 'AUTH_URL', 'MAX_UPLOAD_BYTES']) expect(read).toThrow(name);
    expect(read).not.toThrow(/short-secret/);
  });
});
