import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { FileHasher } from '../../../src/core/unixfs/file-hasher.ts';
import zeroFiles from '../../vectors/unixfs/zero-files.json' with { type: 'json' };

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const small = zeroFiles.filter(({ size }) => size < 64 * 1_048_576);

it.each(small)('gives the CID that Kubo gives $comment of zeros, in whatever pieces', (file) => {
  for (const piece of [65_536, 1_000_003, 3 * 1_048_576]) {
    const hasher = new FileHasher(sha256);
    for (let at = 0; at < file.size; at += piece) {
      hasher.add(new Uint8Array(Math.min(piece, file.size - at)));
    }
    expect(hasher.finish()).toBe(file.cid);
  }
});
