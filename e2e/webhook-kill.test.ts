import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webhookDeliveryList, webhookSecret } from '@image-organizer/contracts/http/webhook';
import { startWebServer } from '@image-organizer/testing/web-server';
import { Webhook } from 'standardwebhooks';
import { login, until } from './support/client.ts';
import { fileOf, ownSamples } from './support/samples.ts';
import { removeData, startServer } from './support/server-process.ts';

const crashHook = join(import.meta.dirname, 'support', 'crash-hook.ts');
const receipt = fileOf(ownSamples().find(({ kind }) => kind === 'receipt')!);

it('When the process is killed between a webhook and its record, then it is called again with the same webhook-id, and no third time.', async () => {
  const calls: { headers: Record<string, string>; body: string }[] = [];
  const receiver = await startWebServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers as Record<string, string>, body });
      response.end();
    });
  });
  const directory = await mkdtemp(join(tmpdir(), 'webhook-kill-'));
  const publicUrl = { PUBLIC_URL: 'https://images.example.org' }; // its port is another one after each start
  const env = { ...publicUrl, FETCH_ALLOWED_NETWORKS: '127.0.0.0/8', FETCH_PORTS: String(receiver.port) };
  const doomed = await startServer({
    env: {
      ...env,
      NODE_OPTIONS: `--import ${crashHook}`,
      CRASH_AT: 'webhook:called',
      CRASH_MARK: join(directory, 'crashed'),
    },
  });
  await (await login(doomed.url)).upload([receipt], { fields: { callbackUrl: receiver.url } });
  if (doomed.child.signalCode === null) await once(doomed.child, 'exit');
  expect(doomed.child.signalCode).toBe('SIGKILL');
  expect(calls).toHaveLength(1);

  const server = await startServer({ dataDirectory: doomed.dataDirectory, env });
  const client = await login(server.url);
  const read = async (path: string) => (await client.fetch(path)).json();
  const [delivery] = await until(
    async () => webhookDeliveryList.parse(await read('/api/webhooks/callback-deliveries')).items,
    ([found]) => found?.status === 'sent',
  );
  expect(delivery).toMatchObject({ attempts: 2, lastStatus: 200, error: null });
  expect(calls.map(({ headers }) => headers['webhook-id'])).toEqual([delivery!.id, delivery!.id]);
  const { secret } = webhookSecret.parse(await read('/api/webhooks/callback-secret'));
  const told = calls.map(({ headers, body }) => new Webhook(secret).verify(body, headers));
  expect(told[1]).toEqual(told[0]);

  await server.stop();
  await receiver.close();
  await removeData(server);
  await rm(directory, { recursive: true });
});
