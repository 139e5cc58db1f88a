import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import type { Archive } from '../archive.ts';
import { knownAsset } from '../known-assets.ts';
import { type HeldMatch, holdMatches, matchesOf } from '../matching/hold-matches.ts';
import { bareMatch, match } from './answers/match.ts';
import { count } from './answers/names.ts';
import { cidText } from './named.ts';
import { createOperation, type Described } from './operation.ts';

/** Gives what links an asset to the registry of generated works. */
export const showMatches = createOperation({
  name: 'synthetic.matches',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.strictObject({ matches: z.array(match) }),
  run: async (archive, { asset }) => ({
    matches: await shownMatches(knownAsset(asset, archive.catalog), archive),
  }),
});

/** Returns what links an asset to the registry, with what people call both sides. */
export async function shownMatches(
  asset: Cid,
  archive: Pick<Archive, 'catalog'>,
): Promise<readonly Described<typeof match>[]> {
  return (await matchesOf(asset, archive)).map((held) => shown(held, archive));
}

function shown(held: HeldMatch, { catalog }: Pick<Archive, 'catalog'>): Described<typeof match> {
  const registrations = catalog.facts(held.registered)?.known.synthetic ?? [];
  return {
    ...held,
    title: catalog.asset(held.deposited)?.title ?? '',
    generators: [...new Set(registrations.map(({ body }) => body.generator))].sort(),
  };
}

const GROUP = 100;

/** Compares the whole registry with the archive, and holds what was not held before. Items are matches. */
export const scanRegistry = createOperation({
  name: 'synthetic.scan',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({}),
  result: z.strictObject({ compared: count, held: count }),
  item: bareMatch,
  async run(archive, _input, { signal, item }) {
    let compared = 0;
    let held = 0;
    for await (const assets of registered(archive)) {
      signal.throwIfAborted();
      const matches = await holdMatches(assets, archive);
      for (const one of matches) await item(one);
      compared += assets.length;
      held += matches.length;
    }
    return { compared, held };
  },
});

/** Yields what is registered as generated, in groups. */
async function* registered({
  catalog,
  ledger,
}: Pick<Archive, 'catalog' | 'ledger'>): AsyncGenerator<readonly Cid[]> {
  let group = new Set<Cid>();
  for (const { statement } of catalog.said('synthetic')) {
    const { about } = statement;
    if (about === null) continue;
    for (const asset of 'asset' in about ? [about.asset] : await ledger.setMembers(about.set)) {
      group.add(asset);
      if (group.size < GROUP) continue;
      yield [...group];
      group = new Set();
    }
  }
  if (group.size > 0) yield [...group];
}
