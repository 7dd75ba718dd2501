import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeJourney } from './support/describe-journey.ts';
import { inspect, mailsIn } from './support/oracle.ts';
import { account, removeData, startServer } from './support/server-process.ts';

async function startEmbedded() {
  const server = await startServer();
  return {
    url: server.url,
    mails: () => mailsIn(server.dataDirectory),
    library: join(server.dataDirectory, 'library', account.email),
    async stop(imageIds: string[]) {
      expect(await server.stop()).toBe(0);
      return inspect(server.dataDirectory, imageIds);
    },
    async dispose() {
      await server.kill();
      await removeData(server);
    },
  };
}

describeJourney(startEmbedded, (system, images) => {
  it('shows the catalogue as a tree of files', async () => {
    const { library } = system();
    for (const { placement, size } of images()) {
      expect((await stat(join(library, placement!.folder, placement!.filename))).size).toBe(size);
    }
    const files = (await readdir(library, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toHaveLength(images().length);
  });
});
