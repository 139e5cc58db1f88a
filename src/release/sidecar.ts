import type { ReleaseMember, ReleaseRequest } from '../core/ports/release.ts';
import { namesOf } from './attribution.ts';
import { TAR_BLOCK } from './tar-header.ts';

/** A licence up to this length stays whole; the shipped policies accept none that is longer. */
const WHOLE_LICENCE = 128;

const CUT_MARK = '…';

const encoder = new TextEncoder();

/**
 * Returns the JSON that follows an asset in its shard: one tar block at most, always the same keys,
 * every value a string. Loaders infer the columns from the first samples, so a missing key or a null
 * would lose data later.
 *
 * Texts that are too long for the block share what room there is, and end in `…` where they are cut;
 * the whole text is in `metadata.parquet`.
 */
export function encodeSidecar(
  member: ReleaseMember,
  { purpose, policy }: Pick<ReleaseRequest, 'purpose' | 'policy'>,
): Uint8Array {
  const license = cut(member.licence, WHOLE_LICENCE);
  const fixed = { license, creator: '', title: '', source: '' };
  const rest = { level: member.level, purpose, policy: policy.policy.name };
  const head = { asset: member.cid, sha256: member.sha256 };
  const texts = [namesOf(member.makers), member.title, member.source];
  const room = TAR_BLOCK - jsonBytes({ ...head, ...fixed, ...rest });
  const limit = fairLimit(texts.map(textBytes), room);
  const [creator = '', title = '', source = ''] = texts.map((text) => cut(text, limit));
  return encoder.encode(JSON.stringify({ ...head, license, creator, title, source, ...rest }));
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
