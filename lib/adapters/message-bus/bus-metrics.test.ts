import { queues } from '@image-organizer/contracts/topology';
import { createMetrics } from '@image-organizer/platform/metrics';
import { createBusMetrics } from './bus-metrics.ts';

it('When the broker does not answer for one queue and fails for another, then the scrape has the rest', async () => {
  const metrics = createMetrics({ service: 'test', process: false });
  const { ocrImageUploaded, classifierImageExtracted, organizerImageClassified } = queues;
  const told = createBusMetrics(metrics, async ({ name }) => {
    if (name === ocrImageUploaded.name) return new Promise(() => {});
    if (name === classifierImageExtracted.name) throw new Error('the channel is closed');
    return 3;
  });
  for (const queue of [ocrImageUploaded, classifierImageExtracted, organizerImageClassified])
    told.consumes(queue);
  told.buried(organizerImageClassified);

  const text = await metrics.metrics();
  const samples = text.split('\n').filter((line) => /^(queue_messages|dead_letters_total)\{/.test(line));
  expect(samples.sort()).toEqual([
    'dead_letters_total{queue="classifier.image-extracted",service="test"} 0',
    'dead_letters_total{queue="ocr.image-uploaded",service="test"} 0',
    'dead_letters_total{queue="organizer.image-classified",service="test"} 1',
    'queue_messages{queue="organizer.image-classified",service="test"} 3',
  ]);
});
