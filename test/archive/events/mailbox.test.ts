import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { Mailbox } from '../../../src/archive/events/mailbox.ts';

it('leaves nothing behind on its reader’s signal, however often it waits', async () => {
  const { signal } = new AbortController();
  const mailbox = new Mailbox();
  for (let count = 0; count < 20; count += 1) {
    const waiting = mailbox.wait(signal);
    mailbox.news();
    await waiting;
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
