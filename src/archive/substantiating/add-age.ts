import { fromBase64 } from '../../core/base64.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { fromHex, toHex } from '../../core/hash.ts';
import type { ProvenAge } from '../../core/ports/age-proofs.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { Archive } from '../archive.ts';
import { keptBytes } from '../taking/kept-bytes.ts';
import { type Substantiated, substantiate } from './substantiate.ts';

/** A proof that the bytes of an asset existed at a time. */
export type AgeProof =
  | {
      readonly kind: 'rfc3161';
      /** A reply or a token. */
      readonly token: Uint8Array;
      /** PEM of the roots to go by; where missing, those of the trust list in force. */
      readonly roots?: string | undefined;
    }
  | {
      readonly kind: 'opentimestamps';
      readonly proof: Uint8Array;
      /** Of the Bitcoin block, 80 bytes. */
      readonly header: Uint8Array;
    };

/**
 * Records a proof of age (evidence class A) that holds for the asset's bytes, with the proof itself in
 * a record, so that a reviewer can check it again. It counts once a reviewer of another organisation has
 * confirmed it. Nobody is called. Durable when it resolves.
 *
 * @throws {ArchiveError} `proof_invalid` for a proof that does not hold, `usage_invalid` without roots,
 * `statement_rejected` if this home may not say so.
 */
export async function addAge(
  asset: Cid,
  proof: AgeProof,
  archive: Archive,
): Promise<Substantiated & ProvenAge> {
  const digest = digestOf(asset, archive);
  const parts = proof.kind === 'rfc3161' ? [proof.token] : [proof.proof, proof.header];
  const raw = parts.flatMap((bytes) => keptBytes(proof.kind, bytes));
  const age = await judged(proof, digest, archive);
  const digests = [...new Set(parts.map((bytes) => toHex(archive.sha256(bytes))))].sort();
  const by = { inspector: proof.kind, where: 'by', text: age.by, truncated: false };
  const said = {
    class: 'age' as const,
    method: proof.kind,
    outcome: 'shown' as const,
    existedBy: age.existedBy,
    digests,
  };
  return { ...(await substantiate(asset, said, [by, ...raw], archive)), ...age };
}

function judged(proof: AgeProof, digest: Uint8Array, archive: Archive): Promise<ProvenAge> {
  const { ageProofs, clock } = archive;
  const now = clock();
  if (proof.kind === 'opentimestamps') {
    return ageProofs.readOpenTimestamps(proof.proof, { digest, header: proof.header, now });
  }
  return ageProofs.readTimestamp(proof.token, { digest, anchors: anchors(proof, archive), now });
}

function anchors(
  { roots }: Extract<AgeProof, { kind: 'rfc3161' }>,
  { intake, ledger }: Pick<Archive, 'intake' | 'ledger'>,
): readonly Uint8Array[] {
  const list =
    roots === undefined
      ? ledger.credentialList()?.list.timestampers
      : intake.readTrustFile(roots, 'timestampers').timestampers;
  if (list === undefined || list.length === 0) {
    throw new ArchiveError(
      'usage_invalid',
      'no time-stamping authority is trusted here; give its root with --tsa-roots, or import a list with "trust import"',
    );
  }
  return list.flatMap((text) => fromBase64(text) ?? []);
}

/** The sha-256 of the asset's bytes, as its deposits have it. */
function digestOf(asset: Cid, { catalog }: Pick<Archive, 'catalog'>): Uint8Array {
  const facts = catalog.facts(asset);
  const [deposit] = facts === undefined ? [] : factsOf(facts, 'deposit');
  const digest = deposit && fromHex(deposit.body.sha256);
  if (digest === undefined) {
    throw new ArchiveError(
      'not_found',
      `nobody has deposited ${asset}, so its sha-256 is not known`,
    );
  }
  return digest;
}
