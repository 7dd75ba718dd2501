import { setImmediate as soon } from 'node:timers/promises';
import { createTurns } from '../src/domain/in-turn.ts';

it('When work of one key comes at once, then it is done one by one in order, also after a failure; other keys go on', async () => {
  const inTurn = createTurns<string>();
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await soon();
    log.push(`${name} ends`);
    if (name === 'a1') throw new Error('a1 failed');
    return name;
  };
  const outcomes = await Promise.allSettled([
    inTurn('a', work('a1')),
    inTurn('a', work('a2')),
    inTurn('b', work('b1')),
    inTurn('a', work('a3')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  const ofA = log.filter((line) => line.startsWith('a'));
  expect(ofA).toEqual(['a1', 'a2', 'a3'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  expect(log.indexOf('b1 begins')).toBeLessThan(log.indexOf('a1 ends'));
});
