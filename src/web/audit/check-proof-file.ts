import { ArchiveError } from '../../core/errors.ts';
import { checkProof, type ProofCheck } from '../../core/witnessing/check-proof.ts';
import { parseTlogProof } from '../../core/witnessing/tlog-proof.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { checkLog } from './check-log.ts';
import { rememberedLog } from './remembered.ts';
import { withSignatures } from './with-signatures.ts';

/** No proof is longer, in bytes: one of 65,536 entries has some 60 MB. */
const MOST_BYTES = 2 ** 26;

/** A proof as text, and what it shows. */
export interface CheckedProof {
  readonly text: string;
  readonly check: ProofCheck;
}

/**
 * Checks a proof about a work of this archive. Of a node whose log this browser has seen before, nothing is asked:
 * it holds, or not, whether the node answers or not.
 *
 * @throws {ArchiveError} `proof_invalid` with the first thing that does not hold.
 */
export async function checkProofFile(file: File, node: string): Promise<CheckedProof> {
  const words = TEXT.audit.proofs;
  if (file.size > MOST_BYTES) throw new ArchiveError('proof_invalid', words.tooLarge);
  const text = await file.text();
  const entry = entryProvenBy(text);
  if (entry !== undefined) throw new ArchiveError('proof_invalid', words.ofEntry(countText(entry)));
  return checkProofText(text, node);
}

/** Likewise, for a proof that is text already. */
export async function checkProofText(text: string, node: string): Promise<CheckedProof> {
  const { address } = rememberedLog(node) ?? (await checkLog(node));
  return { text, check: await withSignatures((tools) => checkProof(text, tools, address)) };
}

/** Returns the number of the entry that a proof is about, if it is about one entry and no work. */
function entryProvenBy(text: string): number | undefined {
  try {
    const { extra, index } = parseTlogProof(text);
    return extra === undefined ? index : undefined;
  } catch {
    return undefined;
  }
}
