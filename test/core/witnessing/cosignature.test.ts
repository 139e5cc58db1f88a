import { createHash, createPublicKey, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { publicKeyOf } from '../../../src/core/entries/did-key.ts';
import { signCheckpoint } from '../../../src/core/entries/note.ts';
import { cosignCheckpoint, openCosignatures } from '../../../src/core/witnessing/cosignature.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';

const log = signerOf('log');
const ben = signerOf('ben');
const cleo = signerOf('cleo');
const note = signCheckpoint(
  { origin: 'example.org/log', size: 17, root: sha256(Buffer.from('root')) },
  log,
  sha256,
);
const line = cosignCheckpoint(note, ben, 1679315147, sha256);
const open = (text: string, lines: string) =>
  openCosignatures(text, lines, verifySignature, sha256);

it('opens what cosigners have signed, with their times', () => {
  const lines = `${line}${cosignCheckpoint(note, cleo, 1700000000, sha256)}`;
  expect(open(note, lines)).toEqual([
    { did: ben.did, time: 1679315147 },
    { did: cleo.did, time: 1700000000 },
  ]);
});

it('has the bytes of C2SP tlog-cosignature v1, as OpenSSL checks them', () => {
  const [, name = '', base64 = ''] = /^— (\S+) (\S+)\n$/.exec(line) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const key = Buffer.from(publicKeyOf(ben.did));
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  const message = `cosignature/v1\ntime 1679315147\n${note.split('\n\n')[0]}\n`;
  expect(name).toBe(ben.did);
  const id = createHash('sha256').update(`${name}\n`).update(Buffer.of(4)).update(key).digest();
  expect(bytes.subarray(0, 4).equals(id.subarray(0, 4))).toBe(true);
  expect(bytes.readBigUInt64BE(4)).toBe(1679315147n);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  expect(verify(null, Buffer.from(message), publicKey, bytes.subarray(12))).toBe(true);
});

it('ignores signatures of another note, of another kind, and of keys that are no did:key', () => {
  const other = signCheckpoint(
    { origin: 'example.org/log', size: 18, root: sha256(Buffer.from('root')) },
    log,
    sha256,
  );
  expect(open(other, line)).toEqual([]);
  expect(open(note, note.slice(note.indexOf('— ')))).toEqual([]);
  expect(open(note, line.replace(ben.did, 'example.org/witness'))).toEqual([]);
  expect(open(note, line.replace(ben.did, cleo.did))).toEqual([]);
});

it('takes no bit of a line for another', () => {
  const bytes = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(open(note, `— ${ben.did} ${flipped.toString('base64')}\n`)).toEqual([]);
  }
});

it.each([
  ['no end', line.trimEnd()],
  ['no dash', line.slice(2)],
  ['nothing', '\n'],
  ['text that is no base64', `— ${ben.did} !!!\n`],
  ['more lines than anybody collects', line.repeat(129)],
])('refuses lines with %s', (_what, lines) => {
  expect(() => open(note, lines)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
});
