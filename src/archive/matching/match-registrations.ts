import type { Cid } from '../../core/cid.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { Archive } from '../archive.ts';
import { holdMatches, type Match } from './hold-matches.ts';

/** Assets that are compared, and held in one entry, at once. */
const GROUP = 100;

/** How far the log has been looked through, and how many works were held on the way. */
export interface Matched {
  /** Number of the first arrival that was not looked at. */
  readonly next: number;
  readonly held: number;
}

/**
 * Compares what others have registered as generated, from arrival number `since` on, with what this home has
 * deposited, and holds what is like it and not held yet. The deposits of other homes are left to them: else each
 * home would hold the same pair. What a key of the own organisation deposited that is no member's any more, as this
 * home's own is not after a change of key, has no other home left and is compared here. Yields whenever a group is
 * done; what was held by then is durable.
 *
 * @throws {ArchiveError} `disk_full`; `signal.reason` once it is aborted.
 */
export async function* matchRegistrations(
  since: number,
  archive: Pick<Archive, 'catalog' | 'ledger' | 'clock' | 'randomBytes' | 'sha256'>,
  signal: AbortSignal,
): AsyncGenerator<Matched> {
  const { ledger, catalog } = archive;
  const isOwn = ({ deposited }: Match) => {
    const facts = catalog.facts(deposited);
    const deposits = facts === undefined ? [] : factsOf(facts, 'deposit');
    return deposits.some(
      ({ author, organisation }) =>
        author === ledger.self.did ||
        (organisation === ledger.self.organisation && ledger.memberOf(author) === undefined),
    );
  };
  let next = since;
  let group = new Set<Cid>();
  const hold = async () => {
    // Whatever has arrived is compared by what the catalog knows of it.
    await catalog.catchUp({ signal });
    return (await holdMatches(group, archive, isOwn)).length;
  };
  for await (const { number, standing } of ledger.arrivals(since)) {
    signal.throwIfAborted();
    for (const { author, statement } of standing) {
      if (statement.kind !== 'synthetic' || author === ledger.self.did) continue;
      const { about } = statement;
      if (about === null) continue;
      for (const asset of 'asset' in about ? [about.asset] : await ledger.setMembers(about.set)) {
        group.add(asset);
        if (group.size < GROUP) continue;
        // What is left of this entry is still to come, so it is looked at again after a stop.
        yield { next, held: await hold() };
        group = new Set();
        signal.throwIfAborted();
      }
    }
    next = number + 1;
  }
  yield { next, held: group.size === 0 ? 0 : await hold() };
}
