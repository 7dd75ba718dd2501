import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@image-organizer/platform/log';
import request from 'supertest';
import { readStandaloneConfig } from '../src/config.ts';
import { createStandalone, type StandaloneOptions } from '../src/standalone.ts';

const account = { email: 'ada@example.org', password: 'correct horse battery' };

/** The whole product in this process, in a folder of its own. */
export async function startStandalone(
  env: Record<string, string> = {},
  overrides: Partial<StandaloneOptions> = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'standalone-'));
  const config = readStandaloneConfig({
    DATA_DIR: directory,
    PORT: '0',
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    BCRYPT_COST: '4',
    OCR_WORKERS: '1',
    ...env,
  });
  const options = { log: silentLog(), write: () => {}, redraw: false, ...overrides };
  const standalone = await createStandalone(config, options);
  await standalone.start();
  const { url } = standalone;
  return {
    url,
    mailDirectory: join(directory, 'mail'),
    /** Logs in. @returns the value of the header Authorization */
    async authorization(): Promise<string> {
      const { body } = await request(url).post('/login').send(account).expect(200);
      return `Bearer ${(body as { accessToken: string }).accessToken}`;
    },
    async stop() {
      await standalone.stop();
      await rm(directory, { recursive: true });
    },
  };
}
