import { expect, it } from 'vitest';
import { VerdictLog } from '../../../src/archive/events/verdict-log.ts';
import { parseCid } from '../../../src/core/cid.ts';
import type { VerdictChange } from '../../../src/core/ports/verdict-news.ts';

const asset = parseCid('bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

function change(arrival: number): VerdictChange {
  return { asset, arrival, before: 'hold', after: 'eligible' };
}

function told(log: VerdictLog, from: number): number[] {
  const arrivals: number[] = [];
  for (let number = from; ; number += 1) {
    const found = log.change(number);
    if (found === undefined) return arrivals;
    arrivals.push(found.arrival);
  }
}

it('finds the changes from an entry on', () => {
  const log = new VerdictLog(3);
  log.add({ next: 8, verdicts: [3, 5, 5, 7].map(change), isCut: false });
  expect(told(log, log.numberAt(5))).toEqual([5, 5, 7]);
  expect(told(log, log.numberAt(6))).toEqual([7]);
  expect(told(log, log.numberAt(8))).toEqual([]);
  expect(log.completeFrom).toBe(3);
});

it('tells what late records change with the newest entry', () => {
  const log = new VerdictLog(0);
  log.add({ next: 6, verdicts: [change(5)], isCut: false });
  log.add({ next: 6, verdicts: [change(-1)], isCut: false });
  expect(told(log, log.first)).toEqual([5, 5]);
});

it('forgets the oldest, and says from where on nothing is forgotten', () => {
  const log = new VerdictLog(0, 4);
  log.add({ next: 9, verdicts: [1, 2, 2, 3, 4].map(change), isCut: false });
  expect(log.completeFrom).toBe(3);
  expect(told(log, log.numberAt(log.completeFrom))).toEqual([3, 4]);
});

it('shows a cut to whoever was up to date as well', () => {
  const log = new VerdictLog(0);
  log.add({ next: 3, verdicts: [change(1)], isCut: false });
  const upToDate = log.numberAt(3);
  log.add({ next: 3, verdicts: [], isCut: true });
  expect(log.first).toBeGreaterThan(upToDate);
  log.add({ next: 4, verdicts: [change(3)], isCut: false });
  expect(told(log, log.first)).toEqual([3]);
});
