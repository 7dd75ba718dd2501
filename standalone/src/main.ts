import { ConfigError } from '@image-organizer/platform/config';
import { runUntilSignal } from '@image-organizer/platform/lifecycle';
import { createLog } from '@image-organizer/platform/log';
import { messageOf } from '@image-organizer/platform/errors';
import { DirectoryInUseError } from './adapters/directory-lock.ts';
import { readStandaloneConfig } from './config.ts';
import { createStandalone } from './standalone.ts';
import { welcome } from './welcome.ts';

const write = (text: string) => void process.stdout.write(text);

try {
  const config = readStandaloneConfig();
  const log = createLog({ service: 'standalone', level: config.logLevel });
  const standalone = await createStandalone(config, { log, write, redraw: process.stdout.isTTY });
  const { name, start, stop } = standalone;
  const begin = async () => {
    await start();
    const { url, dataDirectory, inboxDirectory, firstAccount } = standalone;
    write(welcome({ url, dataDirectory, inboxDirectory, ...firstAccount, readyMs: performance.now() }));
  };
  await runUntilSignal({ name, start: begin, stop }, log);
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof DirectoryInUseError || isPortInUse(error);
  console.error(expected ? hintOf(error) : error);
  process.exit(1);
}

function isPortInUse(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'EADDRINUSE';
}

function hintOf(error: unknown): string {
  return isPortInUse(error)
    ? `${messageOf(error)}\nSet PORT to a free one: PORT=8081 npm start`
    : messageOf(error);
}
