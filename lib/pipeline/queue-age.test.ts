import { createMetrics } from '@image-organizer/platform/metrics';
import { createQueueAge } from './queue-age.ts';

it('When messages are worked on, then the age of the newest taken is told, and 0 once all have ended', async () => {
  const metrics = createMetrics({ service: 'test', process: false });
  const now = new Date('2026-11-21T09:00:10.000Z');
  const age = createQueueAge(metrics, { now: () => now }, 'ocr.image-uploaded');
  const told = async () =>
    /^queue_oldest_age_seconds\{queue="ocr.image-uploaded",service="test"\} (.*)$/m.exec(
      await metrics.metrics(),
    )![1];
  expect(await told()).toBe('0');
  age.begin();
  age.waited(new Date('2026-11-21T09:00:00.000Z'));
  expect(await told()).toBe('10');
  age.begin();
  age.waited(new Date('2026-11-21T09:00:07.000Z'));
  age.end();
  expect(await told()).toBe('3');
  age.end();
  expect(await told()).toBe('0');
});
