import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isMakerKeyRubric, makerKeyRubric } from '../../core/policy/maker-keys.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import { commitName, encodeRecord } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { commitmentsIn, commitmentsTo } from './named-makers.ts';
import type { Subject } from './subject.ts';

/**
 * Records that this home's steward has seen that a key is a maker's, for these assets. Key and salt lie
 * in a record, where they can be erased. Durable when the promise resolves.
 *
 * @throws {ArchiveError} `not_found` if a deposit does not name the maker, `statement_rejected` if this
 * home is no steward's.
 */
export async function vouchForKey(
  request: { readonly key: Did; readonly maker: string; readonly subject: Subject },
  archive: Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>,
): Promise<{ readonly entry: EntryHash; readonly vouchers: readonly StatementId[] }> {
  const { key, maker, subject } = request;
  const { ledger, catalog, clock, randomBytes, sha256 } = archive;
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  if (!roles.includes('steward')) {
    throw new ArchiveError('statement_rejected', 'only a steward vouches for a maker; ask one to');
  }
  const salt = ledger.salt('maker', key);
  const signer = commitName(key, salt, sha256);
  const record = encodeRecord({ type: 'name', name: key, salt }, randomBytes(16), sha256);
  const makers = await commitmentsTo(maker, subject.members, archive);
  const statements = makers.map((commitment) =>
    createStatement('review', subject.about, timestampOf(clock), {
      rubric: makerKeyRubric(signer, commitment, sha256),
      outcome: 'confirmed',
      conflict: 'none',
      evidence: [],
      sample: null,
      record: record.cid,
    }),
  );
  const { entry, ids } = await ledger.append({
    statements,
    records: [record],
    documents: subject.documents,
  });
  await catalog.catchUp();
  return { entry, vouchers: ids };
}

/** Returns a steward's standing voucher for a key on an asset, with the salt under which it commits to the key. */
export function voucherFor(
  key: Did,
  makers: readonly string[],
  asset: Cid,
  parts: Pick<Archive, 'ledger' | 'catalog' | 'sha256'>,
): { readonly id: StatementId; readonly salt: Uint8Array } | undefined {
  const { sha256 } = parts;
  for (const { id, rubric, salt } of vouchersOf(key, asset, parts)) {
    const signer = commitName(key, salt, sha256);
    if (makers.some((maker) => makerKeyRubric(signer, maker, sha256) === rubric)) {
      return { id, salt };
    }
  }
  return undefined;
}

/** Returns for whom of the makers whom deposits of an asset name stewards vouch that a key is theirs. */
export async function makersWith(
  key: Did,
  asset: Cid,
  parts: Pick<Archive, 'ledger' | 'catalog' | 'sha256'>,
): Promise<readonly string[]> {
  const named = await commitmentsIn([asset], parts);
  return [...named].filter((maker) => voucherFor(key, [maker], asset, parts) !== undefined).sort();
}

function* vouchersOf(
  key: Did,
  asset: Cid,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
) {
  const facts = catalog.facts(asset);
  for (const { id, body, roles } of facts === undefined ? [] : factsOf(facts, 'review')) {
    const { rubric, outcome, conflict } = body;
    const isSteward = roles.includes('steward') && outcome === 'confirmed' && conflict === 'none';
    if (!isSteward || !isMakerKeyRubric(rubric) || body.record === null) continue;
    const record = ledger.record(body.record);
    if (record?.type === 'name' && record.name === key) yield { id, rubric, salt: record.salt };
  }
}
