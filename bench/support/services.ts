import { startCluster, serviceNames, type Cluster } from '../../e2e/support/cluster.ts';

/**
 * The services as they run in production, one image per ocr process: the cluster's own leases and sweeps are a test's.
 * The delays of retries stay a test's (the queues keep them); a run in which something was retried is not worth reading.
 */
const production = {
  OCR_WORKERS: '1',
  LEASE_SECONDS: '30',
  SWEEP_SECONDS: '30',
  STUCK_AFTER_SECONDS: '900',
  UPLOAD_GRACE_SECONDS: '3600',
};

/** @param workers processes of ocr, of classifier and of organizer */
export async function startServices(workers: number, env: Record<string, string> = {}): Promise<Cluster> {
  const cluster = await startCluster({
    // With --max-old-space-size a heap that grows out of laziness is told from one that leaks.
    env: { ...production, ...env, NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '' },
    replicas: { ocr: workers, classifier: workers, organizer: workers },
  });
  discardLogs(cluster);
  return cluster;
}

/** Of a long run the cluster would keep every line. */
export function discardLogs(cluster: Cluster): void {
  for (const { child } of replicasOf(cluster))
    for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume();
}

export const replicasOf = (cluster: Cluster) => serviceNames.flatMap((service) => cluster.of(service));
