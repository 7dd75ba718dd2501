import type { ImageRecord } from '@image-organizer/adapters/catalog/records';
import type { UploadFile } from '../../e2e/support/client.ts';
import { serviceNames, type Cluster } from '../../e2e/support/cluster.ts';
import type { createPureCompute } from './compute.ts';
import { samples, unique } from './images.ts';
import { median } from './report.ts';
import { cpuSecondsOf, machineCpuSeconds, seconds } from './time.ts';
import { watchEvents } from './watch-events.ts';

type Compute = ReturnType<typeof createPureCompute>;

/** One image: when (ms since 1970) its upload was sent, and when image.organized came. */
interface Passage {
  id: string;
  sentAt: number;
  organizedAt: number;
  computeMs: number;
}

/** CPU seconds so far: of each service's processes, of this one, of the whole machine. */
const cpuNow = (cluster: Cluster): Record<string, number> => ({
  ...Object.fromEntries(
    serviceNames.map((name) => [name, cpuSecondsOf(cluster.of(name).map(({ child }) => child.pid!))]),
  ),
  own: cpuSecondsOf([process.pid]),
  machine: machineCpuSeconds(),
});

/** Adds to `sums` what is used while it works. */
async function addCpu(cluster: Cluster, sums: Record<string, number>, work: () => Promise<void>) {
  const before = cpuNow(cluster);
  await work();
  for (const [name, after] of Object.entries(cpuNow(cluster)))
    sums[name] = (sums[name] ?? 0) + after - before[name]!;
}

/**
 * Every sample alone on an idle system, by pure compute and by the services; the next begins when all that follows from
 * the one before it is done. Medians per image, milliseconds; CPU is a mean.
 */
export async function measureIdle(cluster: Cluster, compute: Compute, rounds: number) {
  const client = await cluster.client();
  const events = await watchEvents(cluster.environment['RABBITMQ_URL']!);
  const passages: Passage[] = [];
  const pure: Record<string, number> = {};
  const whole: Record<string, number> = {};

  async function pass(file: UploadFile, computeMs: number) {
    const sentAt = Date.now();
    const { batchId, images } = await client.upload([file], { fields: { notify: 'false' } });
    const { id } = images[0]!;
    passages.push({ id, sentAt, organizedAt: await events.arrived(id), computeMs });
    await events.arrived(batchId);
  }

  for (let round = 0; round < rounds; round += 1) {
    const files = samples.map(unique);
    const computeMs: number[] = [];
    await addCpu(cluster, pure, async () => {
      for (const file of files) computeMs.push(1000 * (await seconds(() => compute.one(file))));
    });
    await addCpu(cluster, whole, async () => {
      for (const [n, file] of files.entries()) await pass(file, computeMs[n]!);
    });
  }
  await events.close();

  const each = <Value>(of: (passage: Passage) => Value) => passages.map(of);
  const records = new Map(
    (await cluster.catalog.findImages(each(({ id }) => id))).map((image) => [image.id, image]),
  );
  const steps = each((passage) => stepsOf(passage, records.get(passage.id)!));
  const total = (of: (passage: Passage) => number) => each(of).reduce((sum, value) => sum + value, 0);
  const computeMs = total((passage) => passage.computeMs);
  const latencyMs = total(({ sentAt, organizedAt }) => organizedAt - sentAt);
  const servicesCpu = serviceNames.reduce((sum, name) => sum + whole[name]!, 0);
  const perImageMs = (cpuSeconds: number) => (1000 * cpuSeconds) / passages.length;
  return {
    images: passages.length,
    computeMs: median(each((passage) => passage.computeMs)),
    latencyMs: median(each(({ sentAt, organizedAt }) => organizedAt - sentAt)),
    latencyMinusComputeMs: median(
      each(({ sentAt, organizedAt, computeMs: own }) => organizedAt - sentAt - own),
    ),
    /** Of all images together: (upload → organised − compute) / compute. */
    wallOverhead: latencyMs / computeMs - 1,
    computeCpuMs: perImageMs(pure['own']!),
    servicesCpuMs: perImageMs(servicesCpu),
    cpuMsByService: Object.fromEntries(serviceNames.map((name) => [name, perImageMs(whole[name]!)])),
    /** CPU of all service processes without that of compute, beside compute's. */
    cpuOverhead: servicesCpu / pure['own']! - 1,
    machineCpuOverhead: whole['machine']! / pure['machine']! - 1,
    stepsMs: Object.fromEntries(
      Object.keys(steps[0]!).map((name) => [name, median(steps.map((step) => step[name]!))]),
    ),
  };
}

/** Where the time of one image went, ms, by its history: each time there is taken just before the write that records it. */
function stepsOf(
  { sentAt, organizedAt, computeMs }: Passage,
  { history, uploadedAt }: ImageRecord,
): Record<string, number> {
  const at = (stage: string, event: string) =>
    history.find((item) => item.stage === stage && item.event === event)!.at.getTime();
  const accepted = uploadedAt.getTime();
  const stageMs = (stage: string) => at(stage, 'done') - at(stage, 'started');
  return {
    'HTTP, blob of the original into GridFS': accepted - sentAt,
    'insert, outbox → bus → ocr': at('extract', 'started') - accepted,
    'extract without compute: claim, original, renditions, report': stageMs('extract') - computeMs,
    'commit, outbox → bus → classifier': at('classify', 'started') - at('extract', 'done'),
    'classify: claim, folders, decision': stageMs('classify'),
    'commit, outbox → bus → organizer': at('organize', 'started') - at('classify', 'done'),
    'organize: claim, folder, name': stageMs('organize'),
    'commit, outbox → bus → whoever waits': organizedAt - at('organize', 'done'),
  };
}
