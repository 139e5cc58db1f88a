import { expect, it } from 'vitest';
import { EventHub, type Told } from '../../../src/archive/events/event-hub.ts';

function hub(): EventHub {
  const ledger = { size: () => 0, async *arrivals() {} };
  const catalog = { watch: () => ({ [Symbol.dispose]() {} }) };
  return new EventHub({ ledger, catalog, at: () => '2026-11-22T12:00:00Z' });
}

function revision(release: string, number: number) {
  return {
    ...{ release, name: release, version: '1.0.0', purpose: 'ai_generative_training' },
    ...{ requester: 'anyone', revision: number, issued: '2026-11-22T12:00:00Z' },
    ...{ withdrawn: number, entries: [] },
  };
}

/** What a reader is told next, by release and revision. */
async function next(reader: AsyncIterator<Told>): Promise<string> {
  const { value } = await reader.next();
  if (value === undefined || !('event' in value) || value.event.name !== 'revision') return 'else';
  return `${value.event.data.release} ${value.event.data.revision}`;
}

it('tells whoever goes on of the newest revision of each release, and then of every other', async () => {
  using events = hub();
  for (const number of [1, 2]) events.revised(revision('prints', number));
  events.revised(revision('sounds', 1));
  const ended = new AbortController();
  const reader = events.read({ since: -1, signal: ended.signal });
  expect([await next(reader), await next(reader)]).toEqual(['prints 2', 'sounds 1']);
  const told = next(reader);
  events.revised(revision('prints', 3));
  expect(await told).toBe('prints 3');
  ended.abort();
  expect(await reader.next()).toMatchObject({ done: true });
});

it('tells whoever has just come of what is revised from now on', async () => {
  using events = hub();
  events.revised(revision('prints', 1));
  const ended = new AbortController();
  const reader = events.read({ signal: ended.signal });
  const told = next(reader);
  events.revised(revision('prints', 2));
  expect(await told).toBe('prints 2');
  ended.abort();
  await reader.return();
});
