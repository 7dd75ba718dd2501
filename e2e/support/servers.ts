import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mendRabbitMq } from '@image-organizer/testing/mend-rabbitmq';

const run = promisify(execFile);

export const serversNamed = Boolean(
  process.env['RABBITMQ_URL'] && process.env['MONGO_URL'] && process.env['MYSQL_URL'],
);

/** The tool that starts and kills the real servers; where it is not at hand, the fault tests cannot run. */
const tool = join(import.meta.dirname, '..', '..', '..', 'shared', 'servers', 'servers.sh');
export const serversAtHand = serversNamed && existsSync(tool);

export type ServerName = 'rabbitmq' | 'mysql' | 'mongo';

const call = async (...args: string[]) => (await run(tool, args, { timeout: 120_000 })).stdout.trim();

export const servers = {
  start: (...names: ServerName[]) => call('start', ...names),
  /** kill -9 */
  kill: (name: ServerName) => call('kill', name),
  /** kill -9, and its data is gone. */
  wipe: (name: ServerName) => call('wipe', name),
  rabbitmqctl: (...args: string[]) => call('rabbitmqctl', ...args),
};

/** A virtual host of RabbitMQ of the test's own. @returns its amqp URL */
export async function makeVhost(name: string): Promise<string> {
  await mendRabbitMq();
  await manage('PUT', `/api/vhosts/${name}`);
  await manage('PUT', `/api/permissions/${name}/guest`, { configure: '.*', write: '.*', read: '.*' });
  const url = new URL(process.env['RABBITMQ_URL']!);
  url.pathname = `/${name}`;
  return url.href;
}

export const dropVhost = (name: string) => manage('DELETE', `/api/vhosts/${name}`);

/** RabbitMQ's management API. */
export async function manage(method: string, path: string, body?: object): Promise<unknown> {
  const { origin, username, password } = new URL(
    process.env['RABBITMQ_MANAGEMENT_URL'] ?? 'http://guest:guest@127.0.0.1:15672',
  );
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'Content-Type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok && answer.status !== 404)
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text ? (JSON.parse(text) as unknown) : undefined;
}
