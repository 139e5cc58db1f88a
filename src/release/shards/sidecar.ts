import type { ReleaseMember, ReleaseRequest } from '../../core/ports/release.ts';
import { TAR_BLOCK } from './tar-header.ts';

const CUT_MARK = '…';

const encoder = new TextEncoder();

/** What a sidecar says of the release it is in. */
export type SidecarRequest = Pick<ReleaseRequest, 'purpose' | 'requester' | 'policy'>;

/**
 * Returns the JSON that follows an asset in its shard: one tar block at most, always the same keys,
 * every value a string. Loaders infer the columns from the first samples, so a missing key or a null
 * would lose data later. It names nobody: who a maker is stands in `descriptions.jsonl`.
 *
 * A licence and makers too long for the block share what room there is, and end in `…` where they are
 * cut; `metadata.parquet` has them whole.
 */
export function encodeSidecar(
  member: ReleaseMember,
  { purpose, requester, policy }: SidecarRequest,
): Uint8Array {
  const { cid: asset, sha256, deposit, level } = member;
  const rest = { deposit, level, purpose, requester, policy: policy.policy.name };
  const texts = [member.licence, makersText(member)];
  const room = TAR_BLOCK - jsonBytes({ asset, sha256, license: '', maker: '', ...rest });
  const limit = fairLimit(texts.map(textBytes), room);
  const [license = '', maker = ''] = texts.map((text) => cut(text, limit));
  return encoder.encode(JSON.stringify({ asset, sha256, license, maker, ...rest }));
}

/** Returns who made an asset by their ids in this release: the first half of each salted commitment. */
export function makersText({ makers }: Pick<ReleaseMember, 'makers'>): string {
  return makers.map(({ id }) => id.slice(0, 32)).join(' ');
}

/** Returns the greatest limit under which lengths, each cut to it, fit into the room together. */
function fairLimit(lengths: readonly number[], room: number): number {
  let left = room;
  const sorted = lengths.toSorted((a, b) => a - b);
  for (const [index, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (length > share) return share;
    left -= length;
  }
  return room;
}

/** Cuts a text between two characters so that it takes at most `limit` bytes inside JSON quotes. */
function cut(text: string, limit: number): string {
  if (textBytes(text) <= limit) return text;
  let kept = '';
  let bytes = textBytes(CUT_MARK);
  for (const character of text) {
    bytes += textBytes(character);
    if (bytes > limit) break;
    kept += character;
  }
  return kept + CUT_MARK;
}

/** Bytes of a text between its quotes, escapes included. */
function textBytes(text: string): number {
  return jsonBytes(text) - 2;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
