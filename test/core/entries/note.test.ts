import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Did, didFromPublicKey, publicKeyOf } from '../../../src/core/entries/did-key.ts';
import {
  type CheckpointBody,
  openCheckpoint,
  signCheckpoint,
} from '../../../src/core/entries/note.ts';
import type { Signer, VerifySignature } from '../../../src/core/ports/keys.ts';
import { sha256 } from '../../support/statement-bodies.ts';

const refused = expect.objectContaining({ code: 'input_invalid' });

/** RFC 8410: the fixed bytes in front of an Ed25519 private and public key. */
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

function signerOf(seed: string): Signer {
  const key = createPrivateKey({
    key: Buffer.concat([PRIVATE, sha256(Buffer.from(seed))]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    did: didFromPublicKey(spki.subarray(PUBLIC.length)),
    sign: (bytes) => sign(null, bytes, key),
  };
}

const check: VerifySignature = (did, bytes, signature) => {
  const key = Buffer.concat([PUBLIC, publicKeyOf(did)]);
  return verify(null, bytes, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
};

const alice = signerOf('alice');
const bob = signerOf('bob');
const body: CheckpointBody = {
  origin: 'bafyreicharter/z6MkAlice/0011',
  size: 20_852_163,
  root: sha256(Buffer.from('root')),
};
const note = signCheckpoint(body, alice, sha256);
const open = (text: string, did: Did = alice.did) => openCheckpoint(text, did, check, sha256);

describe('a signed checkpoint', () => {
  it('is read back as it was signed, whatever it says', () => {
    const bodies = fc.record({
      origin: fc.stringMatching(/^[a-zA-Z0-9/.+_-]{1,80}$/),
      size: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    fc.assert(
      fc.property(bodies, (said) => {
        expect(open(signCheckpoint(said, alice, sha256))).toEqual(said);
      }),
    );
  });

  it('has the lines of C2SP tlog-checkpoint and signed-note', () => {
    const [origin, size, root, empty, signature, end, ...more] = note.split('\n');
    expect([origin, size, empty, end, more]).toEqual([body.origin, '20852163', '', '', []]);
    expect(Buffer.from(root ?? '', 'base64')).toEqual(Buffer.from(body.root));
    expect(signature).toMatch(/^— bafyreicharter\/z6MkAlice\/0011 [A-Za-z0-9+/]+=*$/);
  });

  it("names the key as the specification's example does", () => {
    // C2SP signed-note: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
    const key = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
    const signer: Signer = { did: didFromPublicKey(key), sign: () => new Uint8Array(64) };
    const line = signCheckpoint({ ...body, origin: 'PeterNeumann' }, signer, sha256).split('\n')[4];
    const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64');
    expect(signature.subarray(0, 4).toString('hex')).toBe('c74f20a3');
    expect(signature).toHaveLength(68);
  });

  it('opens among lines of other keys, in any order', () => {
    const [, line = ''] = signCheckpoint(body, bob, sha256).split('\n\n');
    expect(open(note + line)).toEqual(body);
    expect(open(note + line, bob.did)).toEqual(body);
    expect(open(note.replace('\n\n', `\n\n${line}`))).toEqual(body);
  });

  it('does not open for a key that has not signed it', () => {
    expect(() => open(note, bob.did)).toThrow(refused);
  });

  it('does not open after any change of one letter', () => {
    const change = fc.tuple(fc.nat({ max: note.length - 1 }), fc.constantFrom('A', '0', '\n', ' '));
    fc.assert(
      fc.property(change, ([place, letter]) => {
        const changed = note.slice(0, place) + letter + note.slice(place + 1);
        if (changed !== note && place < note.length - 1)
          expect(() => open(changed)).toThrow(refused);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['no signature', `${body.origin}\n1\n`],
    ['a size with a leading zero', note.replace('\n2085', '\n02085')],
    ['a negative size', note.replace('\n2085', '\n-2085')],
    ['an extension line', note.replace('\n\n', '\nextra\n\n')],
    ['carriage returns', note.replaceAll('\n', '\r\n')],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    expect(() => open(text)).toThrow(refused);
  });
});
