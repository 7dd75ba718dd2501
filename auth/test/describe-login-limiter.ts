import type { LoginAttempt, LoginLimiter } from '../src/domain/login-limiter.ts';

const ada = { account: 'ada@example.com', address: '203.0.113.7' };
const bob = { account: 'bob@example.com', address: '203.0.113.8' };

/** What jest fakes besides Date: left real, because drivers and servers need them. */
const realTimers = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** The specification of LoginLimiter. @param makeLimiter one that has counted nothing */
export function describeLoginLimiter(name: string, makeLimiter: () => Promise<LoginLimiter>): void {
  describe(`LoginLimiter: ${name}`, () => {
    let limiter: LoginLimiter;
    beforeEach(async () => {
      limiter = await makeLimiter();
      jest.useFakeTimers({ doNotFake: [...realTimers] });
    });
    afterEach(() => jest.useRealTimers());

    const passes = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000);
    const failTimes = async (times: number, attempt: LoginAttempt) => {
      for (let index = 0; index < times; index += 1) await limiter.failed(attempt);
    };
    /** Seconds until the next try; 0 when it may be now. */
    const waitOf = (attempt: LoginAttempt) =>
      limiter.check(attempt).then(
        () => 0,
        (error: unknown) => (error as { retryAfterSeconds: number }).retryAfterSeconds,
      );

    it('When four logins failed, then the fifth may be tried; after the fifth the account is blocked, from every address', async () => {
      await failTimes(4, ada);
      expect(await waitOf(ada)).toBe(0);
      await failTimes(1, ada);
      expect(await waitOf({ ...ada, address: '198.51.100.1' })).toBeGreaterThan(0);
      expect(await waitOf(bob)).toBe(0);
    });

    it('When failures go on after each block, then the blocks grow to fifteen minutes', async () => {
      await failTimes(4, ada);
      const waits = [];
      for (let index = 0; index < 7; index += 1) {
        await limiter.failed(ada);
        const wait = await waitOf(ada);
        waits.push(wait);
        passes(wait);
        expect(await waitOf(ada)).toBe(0);
      }
      expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
    });

    it('When a login succeeds, then the account starts anew', async () => {
      await failTimes(5, ada);
      await limiter.succeeded(ada);
      expect(await waitOf(ada)).toBe(0);
      await failTimes(4, ada);
      expect(await waitOf(ada)).toBe(0);
    });

    it('When fifty logins from one address failed, then it waits for the rest of the fifteen minutes, even after a success', async () => {
      const from = (account: string, address = ada.address) => ({ account, address });
      for (let index = 0; index < 50; index += 1) {
        expect(await waitOf(from('next'))).toBe(0);
        await limiter.failed(from(`user${index}`));
      }
      await limiter.succeeded(from('next'));
      expect(await waitOf(from('next'))).toBe(900);
      expect(await waitOf(from('next', `::ffff:${ada.address}`))).toBe(900);
      expect(await waitOf(from('next', '203.0.113.9'))).toBe(0);
      passes(900);
      expect(await waitOf(from('next'))).toBe(0);
    });

    it('When an IPv6 client changes its address within its /64, then it is still one client', async () => {
      for (let index = 0; index < 50; index += 1) {
        await limiter.failed({ account: `user${index}`, address: `2001:db8:1:2::${index.toString(16)}` });
      }
      expect(await waitOf({ account: 'next', address: '2001:db8:1:2:ffff::1' })).toBe(900);
      expect(await waitOf({ account: 'next', address: '2001:db8:1:3::1' })).toBe(0);
    });

    it('When twenty fail at once, then all of them count', async () => {
      await Promise.all(Array.from({ length: 20 }, () => limiter.failed(ada)));
      expect(await waitOf(ada)).toBe(900);
    });

    it('When accounts differ by an accent, an emoji or a quote, then each has its own count', async () => {
      const accounts = [
        'é@example.com',
        'e@example.com',
        '😀@example.com',
        "'; DROP TABLE users; --@example.com",
      ];
      await failTimes(5, { ...ada, account: accounts[0]! });
      const waits = await Promise.all(accounts.map((account) => waitOf({ ...bob, account })));
      expect(waits.map((wait) => wait > 0)).toEqual([true, false, false, false]);
      await failTimes(5, { ...ada, account: accounts[3]! });
      expect(await waitOf({ ...bob, account: accounts[3]! })).toBeGreaterThan(0);
    });
  });
}
