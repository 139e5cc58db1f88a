import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { stopsOfKind, UNLAWFUL } from '../../core/policy/rules/stops.ts';
import { type Fact, factsOf } from '../../core/provenance/facts.ts';
import type { DepositRecord } from '../../core/statements/record.ts';
import type { Archive } from '../archive.ts';

/** A work that renditions can be made of, as it was deposited here or else elsewhere. */
export interface MasterDeposit {
  readonly deposit: Fact<'deposit'>;
  /** As last described; undefined where the words are erased or not here. */
  readonly record: DepositRecord | undefined;
  readonly licence: string | null;
}

const GONE: readonly string[] = ['withdrawn', 'removed'];

/**
 * Returns the deposit that renditions of a work are described by.
 *
 * @throws {ArchiveError} `rendition_refused` for what is not deposited, is a rendition itself, or is
 * withdrawn, removed, taken down, quarantined or erased.
 */
export function masterOf(
  asset: Cid,
  { catalog, ledger }: Pick<Archive, 'catalog' | 'ledger'>,
): MasterDeposit {
  const facts = catalog.facts(asset);
  const input = catalog.abstraction(asset)?.input;
  const deposits = facts === undefined ? [] : factsOf(facts, 'deposit');
  const isOwn = ({ organisation }: Fact<'deposit'>) => organisation === ledger.self.organisation;
  const deposit = deposits.find(isOwn) ?? deposits[0];
  if (deposit === undefined || input === undefined) throw refused(asset, 'is not deposited');
  if (input.masters.length > 0) throw refused(asset, 'is itself a rendition; name its master');
  const isGone = GONE.includes(catalog.asset(asset)?.status ?? '');
  if (isGone || stopsOfKind(input, UNLAWFUL).open.length > 0) {
    throw refused(asset, 'is withdrawn, removed, taken down or quarantined');
  }
  const { collection, item, licence } = deposit.body;
  const known = catalog.items(collection, [item]).get(item);
  if (known?.asset !== asset) return { deposit, record: undefined, licence };
  return { deposit, record: known.record, licence: known.licence };
}

function refused(asset: Cid, why: string): ArchiveError {
  return new ArchiveError('rendition_refused', `${asset} ${why}`);
}
