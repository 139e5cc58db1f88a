import { expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../../../src/core/entries/note.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';

const ana = signerOf('ana');
const body = { origin: 'example.org/log', size: 17, root: sha256(Buffer.from('root')) };
const note = signCheckpoint(body, ana, sha256);
const open = (text: string, did = ana.did) => openCheckpoint(text, did, verifySignature, sha256);
const invalid = expect.objectContaining({ code: 'input_invalid' });

it('opens what the key has signed', () => {
  expect(open(note)).toEqual({ ...body, root: Uint8Array.from(body.root) });
});

it('has the lines of a C2SP checkpoint', () => {
  const [origin, size, root, empty, signature] = note.split('\n');
  expect([origin, size, empty]).toEqual(['example.org/log', '17', '']);
  expect(Buffer.from(root ?? '', 'base64').equals(body.root)).toBe(true);
  expect(signature).toMatch(/^— example\.org\/log [A-Za-z0-9+/]{91}=$/);
});

it('opens with other signatures beside it', () => {
  expect(open(`${note}— example.org/witness ${'A'.repeat(91)}=\n`).size).toBe(17);
});

it.each([
  ['another key', note, signerOf('ben').did],
  ['another size', note.replace('\n17\n', '\n18\n'), ana.did],
  ['a size with a zero before it', note.replace('\n17\n', '\n017\n'), ana.did],
  ['another origin', note.replaceAll('example.org/log', 'example.org/lot'), ana.did],
  ['no signature', note.split('\n\n')[0] ?? '', ana.did],
  ['a line too much', note.replace('\n17\n', '\n17\nx\n'), ana.did],
  ['nothing', '', ana.did],
])('does not open with %s', (_what, text, did) => {
  expect(() => open(text, did)).toThrow(invalid);
});
