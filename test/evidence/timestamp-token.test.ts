import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ageProofs } from '../../src/evidence/age-proofs/age-proofs.ts';
import { anchorOf } from '../../src/evidence/age-proofs/certificate-chain.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type TestAuthority, testAuthority } from '../support/test-authority.ts';

const hasOpenssl = hasProgram('openssl', 'version', /^OpenSSL 3/);
const BYTES = Buffer.from('a drawing');
const DAY = 86_400_000;

describe.skipIf(!hasOpenssl)('a token of a time-stamping authority (needs openssl)', () => {
  const folder = temporaryFolder();
  let authority: TestAuthority;
  let token: Buffer;

  beforeAll(() => {
    authority = testAuthority(join(folder.path, 'tsa'));
    token = authority.stamp(BYTES);
  });
  afterAll(() => folder[Symbol.dispose]());

  const read = (
    bytes: Uint8Array,
    { from = authority, about = BYTES, now = Date.now() + DAY } = {},
  ) =>
    ageProofs.readTimestamp(bytes, {
      digest: sha256(about),
      anchors: [new X509Certificate(from.roots).raw],
      now,
    });
  const refusal = (text: RegExp) =>
    expect.objectContaining({ code: 'proof_invalid', message: expect.stringMatching(text) });

  it('dates the bytes by the day it names, as a reply or alone', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const shown = await read(token);
    expect(shown.existedBy >= today).toBe(true);
    expect(shown.by).toContain('CN=Test TSA');
    await expect(read(authority.stamp(BYTES, { token: true }))).resolves.toBeDefined();
  });

  it('may be signed on an elliptic curve', async () => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const from = testAuthority(join(folder.path, 'curve'), { key });
    await expect(read(from.stamp(BYTES), { from })).resolves.toBeDefined();
  });

  it('is refused about other bytes, or by another digest', async () => {
    await expect(read(token, { about: Buffer.from('other') })).rejects.toEqual(
      refusal(/other bytes/),
    );
    await expect(read(authority.stamp(BYTES, { digest: 'sha512' }))).rejects.toEqual(
      refusal(/sha-256/),
    );
  });

  it('is refused where it leads to no given root', async () => {
    const from = testAuthority(join(folder.path, 'stranger'));
    await expect(read(token, { from })).rejects.toEqual(refusal(/none of the given roots/));
  });

  it('is refused where its root was not valid at its time', () => {
    const root = new X509Certificate(authority.roots);
    const later = new Date(Date.now() + 60 * DAY);
    expect(() => anchorOf(root, [], [root], later)).toThrow(refusal(/was not valid/));
    expect(anchorOf(root, [], [root], new Date())).toBe(root);
  });

  it('is refused where it names a time to come', async () => {
    await expect(read(token, { now: Date.now() - DAY })).rejects.toEqual(refusal(/yet to come/));
  });

  it('is refused with any bit flipped in what is signed', async () => {
    const signed = [...token.keys()].filter((at) => at % 23 === 0);
    const shown = await read(token);
    for (const at of signed) {
      const changed = Buffer.from(token);
      changed[at] = (changed[at] ?? 0) ^ 0x04;
      // Some bits stand in what nobody signs, such as the copy of the root: they may change nothing.
      const outcome = await read(changed).catch((error: unknown) => error);
      expect([shown, refusal(/./)]).toContainEqual(outcome);
    }
    const time = token.indexOf(Buffer.from(shown.existedBy.slice(0, 4)));
    const older = Buffer.from(token);
    older.write('1999', time);
    await expect(read(older)).rejects.toEqual(refusal(/changed after it was signed|not valid/));
  });

  it('is refused cut short, with bytes behind it, or as something else', async () => {
    for (const bytes of [
      token.subarray(0, -9),
      Buffer.concat([token, BYTES]),
      BYTES,
      Buffer.alloc(0),
    ]) {
      await expect(read(bytes)).rejects.toEqual(refusal(/no granted reply/));
    }
  });
});
