import { expect, it } from 'vitest';
import { Signal } from '../../src/network/signal.ts';

it('is waited for until it fires, or for so long', async () => {
  const signal = new Signal();
  expect(await signal.wait(1)).toBe(false);
  const waiting = signal.wait(60_000);
  signal.fire();
  expect(await waiting).toBe(true);
});

it('counts what fired between looking and waiting, so that nobody waits for what is there', async () => {
  const signal = new Signal();
  const seen = signal.fired;
  signal.fire();
  expect(await signal.wait(1, seen)).toBe(true);
  expect(await signal.wait(1)).toBe(false);
});
