import { describe, expect, it } from 'vitest';
import { ageProofs } from '../../src/evidence/age-proofs/age-proofs.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { BITCOIN, BITCOIN_HEADER, COINBASE, ots, PENDING } from '../support/ots-files.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const read = (proof: Uint8Array, { about = COINBASE, header = BITCOIN_HEADER, now = NOW } = {}) =>
  ageProofs.readOpenTimestamps(proof, { digest: sha256(about), header, now });
const refusal = (text: RegExp) =>
  expect.objectContaining({ code: 'proof_invalid', message: expect.stringMatching(text) });

/** The merkle root of the first block is the double sha-256 of its only transaction. */
const GENUINE = ots(COINBASE, '08', BITCOIN);

describe('an OpenTimestamps proof', () => {
  it('dates bytes by the block that they lead to', async () => {
    const shown = await read(GENUINE);
    expect(shown.existedBy).toBe('2009-01-03');
    expect(shown.by).toContain('000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f');
  });

  it('may have branches that wait for a calendar', async () => {
    expect(
      (await read(ots(COINBASE, 'ff', PENDING, 'ff08', BITCOIN, 'f00161', PENDING))).existedBy,
    ).toBe('2009-01-03');
  });

  it('applies operations in order', async () => {
    const halves = [COINBASE.subarray(0, 4), COINBASE.subarray(4)];
    const digest = Buffer.from(sha256(halves[1] ?? COINBASE)).toString('hex');
    const wrong = ots(COINBASE, `f020${digest}`, '08', BITCOIN);
    await expect(read(wrong)).rejects.toEqual(refusal(/does not lead to this block header/));
  });

  it('counts for nothing while it is pending', async () => {
    await expect(read(ots(COINBASE, PENDING))).rejects.toEqual(refusal(/pending/));
  });

  it('is refused about other bytes, cut short, or as something else', async () => {
    await expect(read(GENUINE, { about: Buffer.from('other') })).rejects.toEqual(
      refusal(/other bytes/),
    );
    await expect(read(GENUINE.subarray(0, -1))).rejects.toEqual(refusal(/too early/));
    await expect(read(Buffer.concat([GENUINE, COINBASE]))).rejects.toEqual(
      refusal(/after its end/),
    );
    await expect(read(Buffer.alloc(100))).rejects.toEqual(refusal(/no OpenTimestamps file/));
    await expect(read(ots(COINBASE, '67', BITCOIN))).rejects.toEqual(refusal(/not known \(0x67\)/));
  });

  it('is refused with any byte changed', async () => {
    for (const at of GENUINE.keys()) {
      const changed = Buffer.from(GENUINE);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const outcome = await read(changed).catch((error: unknown) => error);
      // Only the height is nothing but a word; the header decides.
      if (at < GENUINE.length - 1) expect(outcome).toEqual(refusal(/./));
    }
  });

  it('is refused with a header whose work is not done, or too little for its time', async () => {
    for (const at of [4, 40, 76]) {
      const header = Buffer.from(BITCOIN_HEADER);
      header[at] = (header[at] ?? 0) ^ 1;
      await expect(read(GENUINE, { header })).rejects.toEqual(refusal(/./));
    }
    const easy = Buffer.from(BITCOIN_HEADER);
    easy.writeUInt32LE(0x207fffff, 72);
    await expect(read(GENUINE, { header: easy })).rejects.toEqual(refusal(/proof of work/));
    const late = Buffer.from(BITCOIN_HEADER);
    late.writeUInt32LE(Date.parse('2019-05-01') / 1000, 68);
    await expect(read(GENUINE, { header: late })).rejects.toEqual(refusal(/proof of work/));
    await expect(read(GENUINE, { header: BITCOIN_HEADER.subarray(1) })).rejects.toEqual(
      refusal(/80 bytes/),
    );
  });

  it('is refused where its block is yet to come', async () => {
    await expect(read(GENUINE, { now: 0 })).rejects.toEqual(refusal(/yet to come/));
  });
});
