import { describe, expect, it } from 'vitest';
import { showEntry } from '../../../src/archive/logging/show-entry.ts';
import type { EntryHash } from '../../../src/core/statements/fields.ts';
import { checkEntry, type EntryProof } from '../../../src/core/witnessing/check-entry.ts';
import { cosignCheckpoint } from '../../../src/core/witnessing/cosignature.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { appendOf } from '../../support/deposits.ts';
import { signerOf } from '../../support/keys.ts';
import { openReplica, testArchive } from '../../support/ledger-archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben');
const tools = { verify: verifySignature, sha256 };
const expected = { log: signerOf('ana').did, address: archive.address };
const invalid = expect.objectContaining({ code: 'proof_invalid' });

const shown = (ledger: SqliteLedger, entry: EntryHash) =>
  showEntry(entry, { ledger, feed: ledger.feed, sha256, verifySignature });

describe('an entry of the log', () => {
  it('is shown with what proves that it is in there, its author’s, and says this', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    await ledger.append(appendOf('before'));
    const { entry, arrival } = await ledger.append(appendOf('a', 'b'));
    await ledger.append(appendOf('after'));
    const found = await shown(ledger, entry);
    expect(found).toMatchObject({ arrival, standsNot: 0, author: { key: expected.log } });
    expect(found.kinds).toContainEqual({ kind: 'deposit', count: 2 });
    const checked = checkEntry(found, expected, tools);
    expect(checked).toMatchObject({ hash: entry, arrival, tree: { size: ledger.size() } });
    expect(checked.statements.map(({ kind }) => kind)).toEqual(
      found.statements.map(({ kind }) => kind),
    );
    expect(new Set(checked.speakers)).toEqual(new Set([expected.log]));
  });

  it('rests on what others have confirmed, where that covers it', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    const { entry } = await ledger.append(appendOf('a'));
    const { checkpoint } = await ledger.checkpoint();
    const { organisation = '' } = ledger.memberOf(signerOf('ben').did) ?? {};
    const note = cosignCheckpoint(checkpoint.note, signerOf('ben'), 1_700_000_000, sha256);
    const cosignatures = [{ organisation, note }];
    await ledger.checkpoint({ cosigned: { note: checkpoint.note, cosignatures } });
    const late = await ledger.append(appendOf('late'));
    const old = checkEntry(await shown(ledger, entry), expected, tools);
    expect(old.checkpoint).toContain(note);
    expect(old.tree.size).toBeLessThan(ledger.size());
    const fresh = checkEntry(await shown(ledger, late.entry), expected, tools);
    expect(fresh).toMatchObject({ tree: { size: ledger.size() } });
    expect(fresh.checkpoint).not.toContain(note);
  });

  it('is refused where the proof, a block, the log or the archive is another', async () => {
    using folder = temporaryFolder();
    await using ledger = await openReplica(archive, folder.path, 'ana');
    const { entry } = await ledger.append(appendOf('a'));
    const other = await ledger.append(appendOf('b'));
    const [one, two] = [await shown(ledger, entry), await shown(ledger, other.entry)];
    const check = (proof: EntryProof, of = expected) => checkEntry(proof, of, tools);
    const changed = one.blocks.map(({ cid, bytes }, place) => {
      const last = bytes.at(-1) ?? 0;
      return { cid, bytes: place === 1 ? bytes.with(-1, last ^ 1) : bytes };
    });
    expect(() => check({ ...one, blocks: changed })).toThrow(invalid);
    expect(() => check({ ...one, blocks: one.blocks.slice(0, 1) })).toThrow(invalid);
    expect(() => check({ ...one, proof: two.proof })).toThrow(invalid);
    expect(() => check(one, { ...expected, log: signerOf('ben').did })).toThrow(invalid);
    expect(() => check(one, { ...expected, address: '/orbitdb/other' })).toThrow(invalid);
    const resized = one.proof.replace(/\n3\n/, '\n4\n');
    expect(resized).not.toBe(one.proof);
    expect(() => check({ ...one, proof: resized })).toThrow();
  });
});
