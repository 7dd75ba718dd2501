import { readAuthConfig } from '../src/config.ts';

describe('settings of auth', () => {
  it('When nothing is set, then the defaults are safe', () => {
    expect(readAuthConfig({})).toEqual({
      port: 8080,
      users: { kind: 'sqlite', path: 'data/users.db' },
      adminEmail: undefined,
      adminPassword: undefined,
      registration: 'closed',
      smtpUrl: undefined,
      mailFrom: 'Image Organizer <image-organizer@localhost>',
      publicUrl: 'http://localhost:8080',
      accessTokenMinutes: 10,
      bcryptCost: 12,
      logLevel: 'info',
      metricsPort: undefined,
      tracing: { endpoint: undefined, sampleRatio: 1 },
    });
  });

  it('When several are wrong, then all are named at once and no value is', () => {
    const password = 'p'.repeat(73);
    const read = () =>
      readAuthConfig({
        PORT: 'http',
        ADMIN_EMAIL: 'root',
        ADMIN_PASSWORD: password,
        BCRYPT_COST: '3',
        LOG_LEVEL: 'loud',
        METRICS_PORT: 'metrics',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
        OTEL_TRACES_SAMPLER_ARG: '2',
      });
    for (const name of [
      '  PORT',
      'ADMIN_EMAIL',
      'ADMIN_PASSWORD',
      'BCRYPT_COST',
      'LOG_LEVEL',
      'METRICS_PORT',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_TRACES_SAMPLER_ARG',
    ])
      expect(read).toThrow(name);
    expect(read).not.toThrow(password);
  });

  it('When a MySQL server is named, then accounts are there; a URL of something else is refused without showing it', () => {
    const url = 'mysql://auth:secret@127.0.0.1/auth';
    expect(readAuthConfig({ MYSQL_URL: url }).users).toEqual({ kind: 'mysql', url });
    const read = () => readAuthConfig({ MYSQL_URL: 'postgres://auth:secret@127.0.0.1/auth' });
    expect(read).toThrow('MYSQL_URL');
    expect(read).not.toThrow('secret');
  });

  it.each(['closed', 'invited', 'open'])('When registration is to be %s, then it is', (registration) => {
    expect(readAuthConfig({ REGISTRATION: registration }).registration).toBe(registration);
  });

  it('When an SMTP server is named, then mails go there; a URL of something else is refused without showing it', () => {
    const smtpUrl = 'smtp://robot:secret@mail.example:587';
    expect(readAuthConfig({ SMTP_URL: smtpUrl }).smtpUrl).toBe(smtpUrl);
    const read = () => readAuthConfig({ SMTP_URL: 'http://robot:secret@mail.example' });
    expect(read).toThrow('SMTP_URL');
    expect(read).not.toThrow('secret');
  });
});
