import { expect, it } from 'vitest';
import { formatTlogProof, parseTlogProof } from '../../../src/core/witnessing/tlog-proof.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';

const one = sha256(Buffer.from('one'));
const two = sha256(Buffer.from('two'));
const checkpoint = 'example.org/log\n9\nAAAA\n\n— example.org/log AAAA\n';
const lines = [one, two].map((hash) => Buffer.from(hash).toString('base64'));

it('writes the lines of a C2SP tlog-proof', () => {
  expect(formatTlogProof({ index: 5, hashes: [one, two], checkpoint })).toBe(
    `c2sp.org/tlog-proof@v1\nindex 5\n${lines.join('\n')}\n\n${checkpoint}`,
  );
  const extra = Buffer.from('age-v1.2.1');
  expect(formatTlogProof({ index: 0, hashes: [], checkpoint, extra })).toBe(
    `c2sp.org/tlog-proof@v1\nextra ${extra.toString('base64')}\nindex 0\n\n${checkpoint}`,
  );
});

it.each([
  { index: 5, hashes: [one, two], checkpoint },
  { index: 0, hashes: [], checkpoint, extra: one },
])('reads what it writes', (proof) => {
  expect(parseTlogProof(formatTlogProof(proof))).toEqual({
    ...proof,
    hashes: proof.hashes.map((hash) => Uint8Array.from(hash)),
    ...(proof.extra === undefined ? {} : { extra: Uint8Array.from(proof.extra) }),
  });
});

it.each([
  ['another header', 'c2sp.org/tlog-proof@v2\nindex 0\n\nx'],
  ['no index', `c2sp.org/tlog-proof@v1\n${lines[0]}\n\nx`],
  ['an index with a zero before it', 'c2sp.org/tlog-proof@v1\nindex 07\n\nx'],
  ['a short hash', 'c2sp.org/tlog-proof@v1\nindex 7\nAAAA\n\nx'],
  ['extra data that are no base64', 'c2sp.org/tlog-proof@v1\nextra !\nindex 7\n\nx'],
  [
    'more hashes than a tree has levels',
    `c2sp.org/tlog-proof@v1\nindex 7\n${`${lines[0]}\n`.repeat(64)}\nx`,
  ],
  ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 7\n'],
])('refuses %s', (_what, text) => {
  expect(() => parseTlogProof(text)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
});
