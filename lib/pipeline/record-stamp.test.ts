import { createSqliteCatalog } from '@image-organizer/adapters/catalog/sqlite';
import { silentLog } from '@image-organizer/platform/log';
import { until } from '@image-organizer/testing/until';
import { withStamp } from './record-stamp.ts';

const service = { name: 'ocr', start: async () => {}, stop: async () => {} };
const stamp = { text: 'tesseract eng', asksModel: false };
const log = silentLog();

it('When a service starts, then the catalogue is told its settings; where it is away, it is told later.', async () => {
  const catalog = createSqliteCatalog({ path: ':memory:' });
  let failures = 2;
  const recordStamp: typeof catalog.recordStamp = async (...said) => {
    if (failures-- > 0) throw new Error('away');
    await catalog.recordStamp(...said);
  };
  const stamped = withStamp(service, 'extract', stamp, { catalog: { recordStamp }, log, retryMs: 1 });
  await stamped.start();
  await until(async () => (await catalog.stamps()).extract !== undefined);
  expect(await catalog.stamps()).toEqual({ extract: stamp });
  await stamped.stop();
  await catalog.close();
});

it('When it stops while the catalogue is away, then it waits no more.', async () => {
  const recordStamp = jest.fn(async () => Promise.reject(new Error('away')));
  const stamped = withStamp(service, 'extract', stamp, { catalog: { recordStamp }, log, retryMs: 1e9 });
  await stamped.start();
  await stamped.stop();
  expect(recordStamp).toHaveBeenCalledTimes(1);
});
