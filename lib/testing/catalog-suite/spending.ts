import { at, start, times, type Current } from './harness.ts';

const today = '2026-11-21';
const twoDays = 2 * 24 * 3_600;

export function describeSpending(current: Current): void {
  describe('spending', () => {
    const add = (amount: number, { account = 'ada', period = today, now = start } = {}) =>
      current().catalog.addSpending({ account, period, amount, now });
    const spent = (account = 'ada', period = today) => current().catalog.spentOf(account, period);

    it('When nothing was spent, then it is 0.', async () => {
      expect(await spent()).toBe(0);
    });

    it('When 20 add at once, then none is lost and each is told of another sum.', async () => {
      const sums = await Promise.all(times(20, (n) => add(n + 1)));
      expect(await spent()).toBe(210);
      expect(new Set(sums).size).toBe(20);
      expect(Math.max(...sums)).toBe(210);
    });

    it('When accounts or periods differ, then each has a sum of its own.', async () => {
      expect(await add(5)).toBe(5);
      expect(await add(7, { account: 'bob' })).toBe(7);
      expect(await add(11, { period: '2026-11-22' })).toBe(11);
      expect(await add(1)).toBe(6);
      expect([await spent('bob'), await spent('ada', '2026-11-22')]).toEqual([7, 11]);
    });

    it('When sums are greater than 32 bits, then they are exact.', async () => {
      await add(2 ** 31 - 1);
      expect(await add(2 ** 40)).toBe(2 ** 40 + 2 ** 31 - 1);
      expect(await spent()).toBe(2 ** 40 + 2 ** 31 - 1);
    });

    it('When a period is two days old and another begins, then it is forgotten; a younger one is not.', async () => {
      await add(5);
      await add(7, { account: 'bob', now: at(1) });
      await add(1, { period: '2026-11-23', now: at(twoDays) });
      expect([await spent(), await spent('bob'), await spent('ada', '2026-11-23')]).toEqual([0, 7, 1]);
    });
  });
}
