import { silentLog } from '@image-organizer/platform/log';
import { ownMySqlTables } from '@image-organizer/testing/mysql-tables';
import { createMySqlLoginLimiter } from '../src/adapters/mysql-login-limiter.ts';
import { describeLoginLimiter } from './describe-login-limiter.ts';

const url = process.env['MYSQL_URL'] ?? '';
const describeServer = url ? describe : describe.skip;

describeServer('MySQL', () => {
  const open = () => createMySqlLoginLimiter({ url, log: silentLog() });
  let tables: Awaited<ReturnType<typeof ownMySqlTables>>;
  let limiters: ReturnType<typeof open>[];
  beforeAll(async () => {
    tables = await ownMySqlTables(url);
  }, 90_000);
  afterAll(() => tables.release());
  beforeEach(async () => {
    limiters = [open(), open()];
    await Promise.all(limiters.map((limiter) => limiter.succeeded({ account: 'x', address: 'x' }))); // has its table
    await tables.query('DELETE FROM login_limits');
  });
  afterEach(() => Promise.all(limiters.map((limiter) => limiter.close())));

  describeLoginLimiter('mysql', async () => limiters[0]!);

  it('When failures are counted by two instances, then both know of all of them', async () => {
    const attempt = { account: 'ada@example.com', address: '203.0.113.7' };
    for (let index = 0; index < 5; index += 1) await limiters[index % 2]!.failed(attempt);
    for (const limiter of limiters) {
      await expect(limiter.check(attempt)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    }
  });
});
