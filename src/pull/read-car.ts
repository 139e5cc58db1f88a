import { CID } from 'multiformats/cid';
import { type Cid, cidFromDigest, codecOf, parseCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Sha256 } from '../core/hash.ts';

/**
 * Returns the blocks of a CAR of version 1 (https://ipld.io/specs/transport/car/) by their CIDs, each hashed
 * and found equal. Its header is passed over: what is wanted is known.
 *
 * @throws {ArchiveError} `peer_invalid`.
 */
export function readCar(car: Uint8Array, sha256: Sha256): Map<Cid, Uint8Array> {
  const blocks = new Map<Cid, Uint8Array>();
  let isHeader = true;
  for (let at = 0; at < car.length; ) {
    const { length, begin } = frameAt(car, at);
    const end = begin + length;
    if (length === 0 || end > car.length) throw invalid('it is cut off');
    if (!isHeader) {
      const [cid, bytes] = split(car.subarray(begin, end));
      if (cidFromDigest(codecOf(cid), sha256(bytes)) !== cid) {
        throw invalid(`a block in it is not ${cid}, as it says`);
      }
      blocks.set(cid, bytes);
    }
    isHeader = false;
    at = end;
  }
  return blocks;
}

function split(frame: Uint8Array): [Cid, Uint8Array] {
  try {
    const [cid, bytes] = CID.decodeFirst(frame);
    return [parseCid(cid.toString()), bytes];
  } catch (cause) {
    throw invalid('a block in it has no CID of the archive', cause);
  }
}

function frameAt(car: Uint8Array, at: number): { length: number; begin: number } {
  let length = 0;
  for (let place = 0; place < 5; place += 1) {
    const byte = car[at + place];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return { length, begin: at + place + 1 };
  }
  throw invalid('there is no length where one should be');
}

function invalid(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('peer_invalid', `a CAR cannot be used: ${why}`, { cause });
}
