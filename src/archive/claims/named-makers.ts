import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { commitName } from '../../core/statements/record.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';

type Parts = Pick<Archive, 'catalog' | 'ledger' | 'sha256'>;

/** Commitments that a statement can name. */
const MOST = 256;

/**
 * Returns the commitments by which deposits of these assets name a maker, sorted. Each asset must name
 * that maker in a record that this home may read.
 *
 * @throws {ArchiveError} `not_found` naming the first asset that does not; `usage_invalid` for more
 * than 256 commitments.
 */
export async function commitmentsTo(
  name: string,
  assets: readonly Cid[],
  { catalog, ledger, sha256 }: Parts,
): Promise<string[]> {
  const wanted = name.normalize('NFC');
  const found = new Set<string>();
  const takeTurn = takeTurns();
  for (const asset of assets) {
    await takeTurn();
    const own = namingsOf(asset, catalog).flatMap(({ body }) => {
      const record = ledger.record(body.record);
      const makers = record?.type === 'deposit' ? record.makers : [];
      return makers
        .filter((maker) => maker.name.normalize('NFC') === wanted)
        .map((maker) => commitName(maker.name, maker.salt, sha256))
        .filter((commitment) => body.makers.includes(commitment));
    });
    if (own.length === 0) {
      throw new ArchiveError(
        'not_found',
        `no deposit of ${asset} that can be read here names ${JSON.stringify(name)} as a maker; ` +
          '"show" lists the names',
      );
    }
    for (const commitment of own) found.add(commitment);
  }
  if (found.size > MOST) {
    throw new ArchiveError(
      'usage_invalid',
      `these assets commit to the name ${found.size} times; take fewer at once`,
    );
  }
  return [...found].sort();
}

/** Returns every commitment to a maker in the deposits of these assets. */
export async function commitmentsIn(
  assets: readonly Cid[],
  { catalog }: Pick<Parts, 'catalog'>,
): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  const takeTurn = takeTurns();
  for (const asset of assets) {
    await takeTurn();
    for (const { body } of namingsOf(asset, catalog))
      for (const maker of body.makers) all.add(maker);
  }
  return all;
}

function namingsOf(asset: Cid, catalog: Parts['catalog']) {
  const facts = catalog.facts(asset);
  return facts === undefined
    ? []
    : [...factsOf(facts, 'deposit'), ...factsOf(facts, 'description')];
}
