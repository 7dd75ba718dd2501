import { setTimeout as delay } from 'node:timers/promises';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { servers, serversAtHand } from '../support/servers.ts';
import { expectNothingAmiss, uploadWhile, type Upload } from './support/load.ts';
import { createRandomFaults } from './support/random-faults.ts';

const describeFaults = serversAtHand ? describe : describe.skip;
const images = Number(process.env['SOAK_IMAGES'] ?? 2_000);
const perUpload = 20;

describeFaults('A soak', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    cluster = await startCluster({
      proxied: true,
      replicas: { ocr: 2, classifier: 2, organizer: 2, notification: 2, gateway: 2 },
    });
  });
  afterAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    await cluster.stop();
  });

  it(`When a random fault happens every two seconds while ${images} images are uploaded, then nothing is lost and nothing is done twice.`, async () => {
    const began = performance.now();
    const uploads: Upload[] = [];
    const faults = createRandomFaults(cluster);
    let uploading = true;
    const load = uploadWhile(cluster, uploads, { count: images / perUpload, size: perUpload }).finally(() => {
      uploading = false;
    });
    while (uploading) {
      await delay(2_000);
      faults.begin();
    }
    await load;
    await faults.mended();
    await expectNothingAmiss(cluster, uploads);
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(
      `soak: ${uploads.length * perUpload} images, ${seconds} s, faults ${JSON.stringify(faults.happened())}\n`,
    );
  }, 1_800_000);
});
