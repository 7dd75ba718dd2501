import { setTimeout as delay } from 'node:timers/promises';
import { startCluster, type Cluster } from './support/cluster.ts';
import { expectNothingAmiss, uploadWhile, type Upload } from './support/load.ts';
import { servers, serversAtHand } from './support/servers.ts';

const describeFaults = serversAtHand ? describe : describe.skip;
const images = Number(process.env['SOAK_IMAGES'] ?? 2_000);
const perUpload = 20;

describeFaults('A soak', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    cluster = await startCluster();
  });
  afterAll(async () => {
    await servers.start('rabbitmq', 'mongo', 'mysql');
    await cluster.stop();
  });

  const workers = ['ocr', 'classifier', 'organizer', 'notification', 'gateway'] as const;
  const replace = async (signal: NodeJS.Signals) => {
    const service = workers[Math.floor(Math.random() * workers.length)]!;
    await cluster.one(service).kill(signal);
    await cluster.start(service, { ready: false });
  };
  const restart = async (server: 'rabbitmq' | 'mongo' | 'mysql') => {
    await servers.kill(server);
    await servers.start(server);
  };
  const faults = {
    'a process is killed': () => replace('SIGKILL'),
    'a process is killed, again': () => replace('SIGKILL'),
    'a process is replaced': () => replace('SIGTERM'),
    'the broker is killed': () => restart('rabbitmq'),
    'the database is killed': () => restart('mongo'),
    'MySQL is killed': () => restart('mysql'),
  };

  it(`When a random fault happens every two seconds while ${images} images are uploaded, then nothing is lost and nothing is done twice.`, async () => {
    const uploads: Upload[] = [];
    const happened: string[] = [];
    let uploading = true;
    const load = uploadWhile(cluster, uploads, { count: images / perUpload, size: perUpload }).finally(() => {
      uploading = false;
    });
    while (uploading) {
      await delay(2_000);
      const [name, fault] = Object.entries(faults)[Math.floor(Math.random() * Object.keys(faults).length)]!;
      happened.push(name);
      await fault();
    }
    await load;
    await expectNothingAmiss(cluster, uploads);
    process.stdout.write(`soak: ${uploads.length * perUpload} images, ${happened.length} faults\n`);
  }, 1_800_000);
});
