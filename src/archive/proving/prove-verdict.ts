import type { Cid } from '../../core/cid.ts';
import { fromEntryHash } from '../../core/entries/entry-hash.ts';
import { decodeManifest } from '../../core/entries/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Verdict } from '../../core/policy/explain.ts';
import type { ExportedFeed, VerdictClaim } from '../../core/ports/exchange.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';
import { explain } from '../explain.ts';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'exchanges'>;

export interface ProvenVerdict extends ExportedFeed {
  readonly verdict: Verdict;
}

/**
 * Writes a verdict with everything that it follows from, for whoever knows the archive's address: this
 * home's whole log without records, so no name is in it, the archive's documents, and the newest checkpoint
 * that others have confirmed. Since any entry may end what another says, no entry is left out.
 *
 * @throws {ArchiveError} as `explain`, `disk_full`, `file_unreadable`, `aborted`.
 */
export async function proveVerdict(
  { path, ...question }: Parameters<typeof explain>[0] & { readonly path: string },
  { ledger, catalog, exchanges }: Parts,
  signal: AbortSignal,
): Promise<ProvenVerdict> {
  await catalog.catchUp({ signal });
  const verdict = explain(question, { ledger, catalog });
  const claim = {
    papers: papersOf(ledger),
    verdict: JSON.stringify(verdict),
    ...confirmedOf(ledger),
  };
  return { ...(await exchanges.exportFeed(path, { since: 0, claim, signal })), verdict };
}

function papersOf(ledger: Parts['ledger']): readonly Uint8Array[] {
  const read = (cid: Cid) => {
    const bytes = ledger.block(cid);
    if (bytes !== undefined) return bytes;
    throw new ArchiveError('block_missing', `${cid} is not in the ledger`);
  };
  // The manifest is the block that the address names.
  const address = ledger.address.slice('/orbitdb/'.length) as EntryHash;
  const manifest = read(fromEntryHash(address));
  const { policies, trust } = ledger.charter;
  const documents = [...Object.values(policies), ...Object.values(trust)].map(read);
  return [manifest, read(decodeManifest(manifest).charter), ...documents];
}

function confirmedOf(ledger: Parts['ledger']): Pick<VerdictClaim, 'confirmed'> {
  const { newest } = ledger.checkpointState();
  if (newest === undefined || newest.cosignatures.length === 0) return { confirmed: null };
  return {
    confirmed: { note: newest.note, lines: newest.cosignatures.map(({ note }) => note) },
  };
}
