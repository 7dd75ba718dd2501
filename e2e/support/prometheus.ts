import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** Prometheus and promtool: on the PATH, or where shared/servers/servers.sh unpacks them. */
const env = {
  PATH: `${process.env['PATH']}:${process.env['SERVERS_ROOT'] ?? '/opt/test-servers'}/prometheus/usr/bin`,
};

/** @throws where promtool says no; its message has what it printed */
export const promtool = (...args: string[]): string =>
  execFileSync('promtool', args, { env, encoding: 'utf8', stdio: 'pipe' });

export const prometheusAtHand = (() => {
  try {
    return promtool('--version') !== '';
  } catch {
    return false;
  }
})();

const labels = z.record(z.string(), z.string());
const answers = z.object({ result: z.array(z.unknown()) });
const rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), query: z.string() })) })),
});
const alerts = z.object({
  alerts: z.array(z.object({ labels, annotations: labels, state: z.enum(['pending', 'firing']) })),
});

/** A Prometheus on a free port. @param configuration of prometheus.yml, as JSON, which is YAML too */
export async function startPrometheus(configuration: object) {
  const directory = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const config = join(directory, 'prometheus.yml');
  await writeFile(config, JSON.stringify(configuration));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--log.format=json',
    ],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const url = await addressOf(createInterface({ input: child.stderr }));
  child.stderr.resume();

  /** @throws Prometheus' own words where it refuses the question */
  async function ask<Data>(path: string, data: z.ZodType<Data>): Promise<Data> {
    const answer = (await (await fetch(`${url}/api/v1${path}`)).json()) as { error?: string; data: unknown };
    if (answer.error) throw new Error(answer.error);
    return data.parse(answer.data);
  }
  return {
    /** How many series the query answers with, now. */
    series: async (query: string) =>
      (await ask(`/query?query=${encodeURIComponent(query)}`, answers)).result.length,
    /** Every rule that it has loaded. */
    rules: async () => (await ask('/rules', rules)).groups.flatMap((group) => group.rules),
    /** What is pending or fires. */
    alerts: async () => (await ask('/alerts', alerts)).alerts,
    async stop() {
      child.kill();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;

/** Resolves once it is ready. */
async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  const said: string[] = [];
  let url: string | undefined;
  for await (const line of lines) {
    said.push(line);
    const { msg, address } = JSON.parse(line) as { msg: string; address?: string };
    if (msg === 'Listening on') url = `http://${address}`;
    if (url && msg.startsWith('Server is ready')) return url; // until then it answers 503
  }
  throw new Error(`Prometheus ended before it was ready:\n${said.join('\n')}`);
}
