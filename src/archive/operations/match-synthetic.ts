import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import type { Archive } from '../archive.ts';
import { type HeldMatch, holdMatches, type Match, matchesOf } from '../hold-matches.ts';
import { knownAsset } from '../known-assets.ts';
import { cidText } from './named.ts';
import { createOperation, type Telling } from './operation.ts';

/** A match with what people call both sides. */
export interface ShownMatch extends HeldMatch {
  readonly title: string;
  readonly generators: readonly string[];
}

/** Gives what links an asset to the registry of generated works. */
export const showMatches = createOperation({
  name: 'synthetic.matches',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  run: async (archive, { asset }) => ({
    matches: await shownMatches(knownAsset(asset, archive.catalog), archive),
  }),
});

/** Returns what links an asset to the registry, with what people call both sides. */
export async function shownMatches(
  asset: Cid,
  archive: Pick<Archive, 'catalog'>,
): Promise<readonly ShownMatch[]> {
  return (await matchesOf(asset, archive)).map((match) => shown(match, archive));
}

function shown(match: HeldMatch, { catalog }: Pick<Archive, 'catalog'>): ShownMatch {
  const registrations = catalog.facts(match.registered)?.known.synthetic ?? [];
  return {
    ...match,
    title: catalog.asset(match.deposited)?.title ?? '',
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
  async run(archive, _input, { signal, item }: Telling<Match>) {
    let compared = 0;
    let held = 0;
    for await (const assets of registered(archive)) {
      signal.throwIfAborted();
      const matches = await holdMatches(assets, archive);
      for (const match of matches) await item(match);
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
