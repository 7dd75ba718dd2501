import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startImageServer, type ImageServer } from '../importer/test/support/image-server.ts';
import { login, until } from './support/client.ts';
import { mailsIn } from './support/oracle.ts';
import { removeData, startServer, type ServerProcess } from './support/server-process.ts';

/** A CSV is imported by the standalone server; its images are on a server of this machine. */
describe('a CSV import', () => {
  let images: ImageServer;
  let server: ServerProcess;
  beforeAll(async () => {
    images = await startImageServer();
    const photo = await readFile(join(import.meta.dirname, 'samples', 'receipt-diner.jpg'));
    for (const path of ['/1.jpg', '/2.jpg', '/3.jpg'])
      images.on(path, (_, response) => void response.end(photo));
    images.on('/missing.jpg', (_, response) => void response.writeHead(404).end());
    server = await startServer({ env: fetchEnv() });
  });
  afterAll(async () => {
    await server.kill();
    await removeData(server);
    await images.close();
  });
  const fetchEnv = () => ({ FETCH_ALLOWED_NETWORKS: '127.0.0.0/8', FETCH_PORTS: String(images.port) });

  it('When the server is killed in the middle, then every URL is one image, with a link and one email', async () => {
    const at = (path: string) => `${images.url}/${path}`;
    const csv = [
      'Serial Number,Product Name,Input Image Urls',
      `1,Diner,"${at('1.jpg')}, ${at('missing.jpg')}"`,
      `2,Supper,${at('2.jpg')},${at('3.jpg')}`,
    ].join('\n');
    const release = images.hold();
    const before = await login(server.url);
    const accepted = await before.fetch('/api/imports', {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: csv,
    });
    expect(accepted.status).toBe(202);
    const { id } = (await accepted.json()) as { id: string };
    await until(
      async () => images.asked.length,
      (asked) => asked > 0,
    );
    await server.kill();
    release();
    server = await startServer({ dataDirectory: server.dataDirectory, env: fetchEnv() });

    const client = await login(server.url);
    expect(await client.completed(id)).toMatchObject({ total: 3, organized: 3, failed: 0 });
    const imported = (await (await client.fetch(`/api/imports/${id}`)).json()) as Record<string, unknown>;
    expect(imported).toMatchObject({ status: 'completed', rows: { total: 2, done: 2, failed: 0 } });
    const output = await (await client.fetch(`/api/imports/${id}/output.csv`)).text();
    const links = [...output.matchAll(/http[^",\s]*\/download\?[^",\s]*/g)].map(([link]) => link);
    expect(new Set(links).size).toBe(3);
    for (const link of links) {
      const image = await fetch(link.replace(/^https?:\/\/[^/]+/, server.url));
      expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    }
    const errors = await (await client.fetch(`/api/imports/${id}/errors.csv`)).text();
    expect(errors).toContain('missing.jpg');
    expect(errors).not.toContain('2.jpg');
    await until(
      async () => mailsIn(server.dataDirectory),
      (mails) => mails.length > 0,
    );
    expect(await mailsIn(server.dataDirectory)).toHaveLength(1);
  });
});
