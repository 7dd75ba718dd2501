import { startCluster } from './support/cluster.ts';
import { describeJourney } from './support/describe-journey.ts';
import { metricOf } from './support/metrics.ts';
import { inspectStores, mailOf } from './support/oracle.ts';
import { serversNamed } from './support/servers.ts';

const describeServers = serversNamed ? describe : describe.skip;
const replicas = { ocr: 2, classifier: 2, organizer: 2, notification: 2, gateway: 2 };

async function startTwoOfEach() {
  const cluster = await startCluster({ replicas });
  return {
    url: cluster.url,
    of: cluster.of,
    mails: async () => (await cluster.smtp.inbox()).map(mailOf),
    async stop(imageIds: string[]) {
      await cluster.drained([], imageIds);
      expect(new Set(await cluster.terminate())).toEqual(new Set([0]));
      return inspectStores(cluster, imageIds);
    },
    dispose: cluster.stop,
  };
}

describeServers('On real servers, two processes of each service', () => {
  describeJourney(startTwoOfEach, (system, images) => {
    it('shares the images among the processes that read them, and each is read once', async () => {
      const labels = { stage: 'extract', outcome: 'done' };
      const read = await Promise.all(
        system()
          .of('ocr')
          .map((replica) => metricOf(replica, 'pipeline_stage_duration_seconds_count', labels)),
      );
      expect(Math.min(...read)).toBeGreaterThan(0);
      expect(read[0]! + read[1]!).toBe(images().length);
    });
  });
});
