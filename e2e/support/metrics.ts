import type { Replica } from './cluster.ts';

/** What one process tells at /metrics: the sum of all samples of `name` with these labels; 0 where there is none. */
export async function metricOf(
  { url }: Pick<Replica, 'url'>,
  name: string,
  labels: Record<string, string>,
): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
