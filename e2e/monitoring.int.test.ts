import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenAiServer, type OpenAiServer } from '@image-organizer/testing/openai-server';
import { serviceNames, startCluster, type Cluster } from './support/cluster.ts';
import { serversAtHand } from './support/servers.ts';
import { until } from './support/client.ts';
import { oddImages } from './support/odd-images.ts';
import { prometheusAtHand, promtool, startPrometheus, type Prometheus } from './support/prometheus.ts';
import { fileOf, ownSamples } from './support/samples.ts';

jest.setTimeout(300_000); // six services and a Prometheus start, on a busy machine
const root = join(import.meta.dirname, '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const files = ['helm', 'image-organizer', 'files'];
const alerts = join(root, ...files, 'alerts.yaml');
const alertTests = ['docker', 'prometheus', 'alerts.test.yaml'];
const dashboards = readdirSync(join(root, ...files, 'dashboards'));

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

/** Every query of a dashboard as Grafana sends it, with the name of its panel. */
function queriesOf(dashboard: string) {
  const { panels } = JSON.parse(read(...files, 'dashboards', dashboard)) as { panels: Panel[] };
  const values: Record<string, string> = {
    __rate_interval: '5m',
    __range: '5m',
    namespace: '.*',
    service: '.*',
  };
  const filled = (expr: string) =>
    expr.replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, query: filled(expr) })),
  );
}

/** `name{labels}`, wherever the expression reads one. */
const selectorsOf = (expression: string) => expression.match(/\w+\{[^}]*\}/g) ?? [];

/** It is a good sign that they are missing. */
const missingWhileAllIsWell = /status=~"5\.\."/;

const describePrometheus = prometheusAtHand ? describe : describe.skip;
const describeServers = prometheusAtHand && serversAtHand ? describe : describe.skip;

describePrometheus('The rules', () => {
  it('are right to promtool, and fire when they should and not when they should not', () => {
    expect(promtool('check', 'rules', alerts)).toMatch(/SUCCESS/);
    expect(promtool('test', 'rules', join(root, ...alertTests))).toMatch(/SUCCESS/);
    expect(
      promtool('check', 'config', '--syntax-only', join(root, 'docker/prometheus/prometheus.yml')),
    ).toMatch(/SUCCESS/);
  });

  it('have a test and a section of docs/operations.md each', () => {
    const [tests, operations] = [read(...alertTests), read('docs', 'operations.md')];
    const names = [...read(...files, 'alerts.yaml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !tests.includes(`alertname="${name}"`))).toEqual([]);
    expect(names.filter((name) => !operations.includes(`\n### ${name}\n`))).toEqual([]);
  });
});

describeServers('A Prometheus that scrapes every service', () => {
  let cluster: Cluster;
  let model: OpenAiServer;
  let prometheus: Prometheus;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'monitoring-'));
    model = await startOpenAiServer();
    cluster = await startCluster({
      env: {
        OPENAI_BASE_URL: model.url,
        OPENAI_MODEL: 'test',
        CLASSIFY_SURE_ABOVE: '1', // words alone are never enough
        LLM_PRICE_PER_MILLION_PROMPT: '1',
        LLM_PRICE_PER_MILLION_COMPLETION: '4',
      },
    });
    const rules = join(directory, 'alerts.yaml');
    await writeFile(rules, read(...files, 'alerts.yaml').replaceAll(/for: \d+m/g, 'for: 5s'));
    prometheus = await startPrometheus({
      global: { scrape_interval: '2s', evaluation_interval: '1s' },
      rule_files: [rules],
      scrape_configs: [
        {
          job_name: 'image-organizer',
          honor_labels: true,
          static_configs: serviceNames.map((service) => ({
            targets: [new URL(cluster.one(service).url).host],
            labels: { service },
          })),
        },
      ],
    });
    await until(
      () => prometheus.series('up == 1'), // an increase is seen only of what was there before
      (scraped) => scraped === serviceNames.length,
    );
    await upload();
  });
  afterAll(async () => {
    await prometheus.stop();
    await cluster.stop();
    await model.close();
    await rm(directory, { recursive: true });
  });

  /** Images about which the model is asked, one that fails, and a file that is refused. */
  async function upload() {
    const client = await cluster.client();
    const good = ownSamples()
      .filter(({ file }) => ['receipt-diner.jpg', 'photo-lake.jpg', 'letter-council.jpg'].includes(file))
      .map(fileOf);
    const page = { name: 'page.png', bytes: new TextEncoder().encode('<!doctype html>') };
    const { batchId, refused } = await client.upload([...good, (await oddImages()).corruptHeader(), page]);
    expect(refused).toHaveLength(1);
    expect(await client.completed(batchId)).toMatchObject({ organized: good.length, failed: 1 });
    expect(model.requests.length).toBeGreaterThan(0);
  }

  /** Those of the queries that get no answer, with Prometheus' reason; asks for a minute, for a scrape takes its time. */
  async function unanswered(queries: { title: string; query: string }[]) {
    const giveUpAt = Date.now() + 60_000;
    const ask = async ({ title, query }: { title: string; query: string }) => {
      const found = await prometheus.series(query).catch((error: Error) => error.message);
      return found === 0 || typeof found === 'string' ? [`${title}: ${query}: ${found}`] : [];
    };
    return until(
      async () => (await Promise.all(queries.map(ask))).flat(),
      (silent) => silent.length === 0 || Date.now() > giveUpAt,
    );
  }

  it.each(dashboards)('answers every query of %s', async (dashboard) => {
    const queries = queriesOf(dashboard);
    expect(queries.length).toBeGreaterThan(10);
    expect(await unanswered(queries)).toEqual([]);
  });

  it('knows every series that a rule reads', async () => {
    const rules = await prometheus.rules();
    const selectors = rules.flatMap(({ name, query }) =>
      selectorsOf(query).map((selector) => ({ title: name, query: `last_over_time(${selector}[5m])` })),
    );
    expect(selectors.length).toBeGreaterThan(rules.length);
    expect(await unanswered(selectors.filter(({ query }) => !missingWhileAllIsWell.test(query)))).toEqual([]);
    for (const { query } of rules) await prometheus.series(query); // throws where it is wrong
  });

  it('When the one OCR process dies, then ServiceDown fires for it', async () => {
    const ofOcr = async () =>
      (await prometheus.alerts()).find(
        ({ labels }) => labels['alertname'] === 'ServiceDown' && labels['service'] === 'ocr',
      );
    await until(ofOcr, (alert) => alert === undefined);
    await cluster.one('ocr').kill();
    const fired = await until(ofOcr, (alert) => alert?.state === 'firing');
    expect(fired).toMatchObject({
      labels: { severity: 'critical' },
      annotations: {
        summary: 'No process of ocr answers',
        runbook_url: 'docs/operations.md#servicedown',
      },
    });
  });
});
