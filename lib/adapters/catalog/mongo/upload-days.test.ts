import { uploadedWithin } from './upload-days.ts';

const days = { '2026-01-01': 10, '2026-01-02': 0, '2026-01-05': 3, '2026-01-09': 2 };
const day = (nth: number) => new Date(Date.UTC(2026, 0, nth));

describe('the days that a page by date lies in', () => {
  it.each([
    ['the newest two, of the newest day', 2, { descending: true }, { $gte: day(9) }],
    ['the newest three, of two days', 3, { descending: true }, { $gte: day(5) }],
    ['those before a day, itself not counted', 3, { descending: true, after: day(9) }, { $gte: day(5) }],
    ['the oldest ten, of the oldest day', 10, { descending: false }, { $lt: day(2) }],
    ['those after a day, itself not counted', 4, { descending: false, after: day(1) }, { $lt: day(10) }],
  ])('When it is %s, then they are told, and no more.', (_what, images, list, uploadedAt) => {
    expect(uploadedWithin(days, images, list)).toEqual({ uploadedAt });
  });

  it.each([
    ['more than there are', 16, { descending: true }],
    ['as many as nobody knows', Infinity, { descending: true }],
    ['what follows the last day', 1, { descending: true, after: day(1) }],
  ])('When it is %s, then they may be of any day.', (_what, images, list) => {
    expect(uploadedWithin(days, images, list)).toBeUndefined();
  });
});
