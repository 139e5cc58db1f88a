import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { documents, type Ran, runCommand } from '../support/command.ts';
import { startNode } from '../support/running-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Each verb is a process of its own.
vi.setConfig({ testTimeout: 180_000 });

const LISTEN = ['--listen', 'off', '--p2p', '/ip4/127.0.0.1/tcp/0'];

function one(ran: Ran): Record<string, unknown> {
  expect(ran).toMatchObject({ status: EXIT.done, stderr: '' });
  const [document] = documents(ran);
  return document as Record<string, unknown>;
}

it('joins with one invitation, from the steward or from a partner when the steward is gone', async () => {
  using folder = temporaryFolder();
  const homes = (name: string) => join(folder.path, name);
  const run = (name: string, ...args: string[]) =>
    runCommand(['--home', homes(name), '--json', ...args]);
  one(await run('a', 'init', '--name', 'Poems'));
  const poem = join(folder.path, 'poem.txt');
  await writeFile(poem, 'Twas brillig');
  one(await run('a', 'ingest', poem));

  let late: unknown;
  let partner: Record<string, unknown>;
  {
    await using a = await startNode(homes('a'), ...LISTEN);
    const { invitation } = one(await run('a', 'invite', 'partner', '--policy', 'all'));
    late = one(await run('a', 'invite', 'partner', '--policy', 'eligible'))['invitation'];
    partner = one(await run('b', 'join', String(invitation), '--name', 'Studio B'));
    expect(partner).toMatchObject({ name: 'Poems' });
    const again = await run('eve', 'join', String(invitation));
    expect(again.status).toBe(EXIT.refused);

    await using b = await startNode(homes('b'), ...LISTEN);
    await b.logged(({ event }) => event === 'replicated');
    const { connected } = one(await run('b', 'peers'));
    const { did } = one(await run('a', 'peers'));
    expect(connected).toMatchObject([{ peer: did, direction: 'outbound', roles: ['steward'] }]);
    expect(one(await run('b', 'list'))).toMatchObject({ title: 'poem' });
    a.signal('SIGTERM');
    expect(await a.ended).toEqual({ status: EXIT.done, signal: null });

    const { addresses } = one(await run('b', 'peers')) as { addresses: string[] };
    const joined = one(await run('d', 'join', String(late), '--via', addresses[0] ?? ''));
    expect(joined).toMatchObject({ address: partner['address'] });
    b.signal('SIGTERM');
    expect(await b.ended).toEqual({ status: EXIT.done, signal: null });
  }
  for (const name of ['a', 'b']) {
    expect(one(await run(name, 'verify'))).toMatchObject({ ok: true, problems: [] });
  }
  one(await run('b', 'leave'));
  expect((await run('b', 'ingest', poem)).status).toBe(EXIT.refused);
});
