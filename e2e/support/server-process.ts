import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const account = { email: 'anna@example.com', password: 'correct horse battery' };

/** A standalone server as a person runs it: a process of its own, on a free port, with a data directory of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly dataDirectory: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** kill -9 */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const root = join(import.meta.dirname, '..', '..');

/** Resolves once it has said that it is ready. @param dataDirectory an earlier one, to start again on its data */
export async function startServer(
  options: { dataDirectory?: string; env?: Record<string, string> } = {},
): Promise<ServerProcess> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'image-organizer-')));
  const child = spawn(join(root, 'node_modules/.bin/node'), ['standalone/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDirectory,
      ADMIN_EMAIL: account.email,
      ADMIN_PASSWORD: account.password,
      BCRYPT_COST: '4',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString();
      const ready = /is ready at (http:\/\/\S+)/.exec(output);
      if (ready) resolve(ready[1]!);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void exited.then(([code]) =>
      reject(new Error(`the server ended with ${code} before it was ready:\n${output}`)),
    );
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await exited)[0];
  };
  return {
    url,
    dataDirectory,
    child,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

export const removeData = (server: Pick<ServerProcess, 'dataDirectory'>) =>
  rm(server.dataDirectory, { recursive: true, force: true });
