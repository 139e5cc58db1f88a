import { fromBase64, toBase64 } from '../base64.ts';
import { ArchiveError } from '../errors.ts';

/**
 * C2SP tlog-proof v1 (c2sp.org/tlog-proof): one leaf's place in a tree, with the checkpoint of the tree.
 *
 * ```
 * c2sp.org/tlog-proof@v1
 * extra BASE64            optional, not authenticated
 * index 73894
 * BASE64                  the audit path, leaf side first, one hash a line
 *
 * checkpoint and its signatures, verbatim
 * ```
 */
export interface TlogProof {
  readonly index: number;
  /** At most 63 hashes of 32 bytes. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, cosignatures included. */
  readonly checkpoint: string;
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF_HASHES = 63;

export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/**
 * Returns the parts of a proof. Nothing is checked but the form.
 *
 * @throws {ArchiveError} `input_invalid`.
 */
export function parseTlogProof(text: string): TlogProof {
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('has no checkpoint');
  const [header, ...lines] = text.slice(0, split).split('\n');
  if (header !== HEADER) throw malformed(`does not begin with ${HEADER}`);
  const extraText = /^extra (.*)$/.exec(lines[0] ?? '')?.[1];
  if (extraText !== undefined) lines.shift();
  const extra = extraText === undefined ? undefined : fromBase64(extraText);
  if (extraText !== undefined && extra === undefined)
    throw malformed('has extra data in no base64');
  const index = /^index (0|[1-9]\d{0,14})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw malformed('does not say which leaf it is about');
  const checkpoint = text.slice(split + 2);
  const hashes = parseHashes(lines);
  return { index: Number(index), hashes, checkpoint, ...(extra === undefined ? {} : { extra }) };
}

/** Returns the hashes of a Merkle proof, one a line. @throws {ArchiveError} `input_invalid`. */
export function parseHashes(lines: readonly string[]): readonly Uint8Array[] {
  if (lines.length > MAX_PROOF_HASHES) throw malformed(`has more than ${MAX_PROOF_HASHES} hashes`);
  return lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== 32) throw malformed('has a line that is no hash');
    return hash;
  });
}

function malformed(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', `this Merkle proof ${problem}`);
}
