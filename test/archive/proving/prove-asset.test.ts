import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveAsset } from '../../../src/archive/proving/prove-asset.ts';
import { openCatalog } from '../../../src/catalog/open-catalog.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { fromEntryHash } from '../../../src/core/entries/entry-hash.ts';
import { toHex } from '../../../src/core/hash.ts';
import { createSet } from '../../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../../src/core/statements/statement.ts';
import { checkProof } from '../../../src/core/witnessing/check-proof.ts';
import { cosignCheckpoint } from '../../../src/core/witnessing/cosignature.ts';
import { formatAssetProof, parseAssetProof } from '../../../src/core/witnessing/proof-file.ts';
import { parseTlogProof } from '../../../src/core/witnessing/tlog-proof.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { appendOf } from '../../support/deposits.ts';
import { signerOf } from '../../support/keys.ts';
import { AT, openReplica, testArchive } from '../../support/ledger-archive.ts';
import { assetCid, BODIES } from '../../support/statement-bodies.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben');
const asset = assetCid('a');
const invalid = expect.objectContaining({ code: 'proof_invalid' });
const tools = { verify: verifySignature, sha256 };
const check = (text: string, address?: string) => checkProof(text, tools, address);

async function prove(ledger: SqliteLedger, folder: string, cid: Cid = asset) {
  await using catalog = openCatalog({ path: join(folder, 'catalog.db'), ledger });
  await catalog.catchUp();
  return await proveAsset({ ledger, feed: ledger.feed, catalog, sha256, verifySignature }, cid);
}

/** Ana's log, in which an asset is deposited among others and spoken of in a set. */
async function filled(folder: string): Promise<SqliteLedger> {
  const ledger = await openReplica(archive, folder, 'ana');
  await ledger.append(appendOf('before'));
  await ledger.append(appendOf('a', 'b', 'c'));
  const set = createSet(['a', 'b', 'c', 'd', 'e'].map(assetCid), sha256);
  const hold = createStatement('hold', { set: set.cid }, AT, { ...BODIES.hold, record: null });
  await ledger.append({ statements: [hold], records: [], documents: set.blocks });
  await ledger.append(appendOf('after'));
  return ledger;
}

async function cosign(ledger: SqliteLedger, name = 'ben', time = 1_700_000_000): Promise<void> {
  const { checkpoint } = await ledger.checkpoint();
  const organisation = ledger.memberOf(signerOf('ben').did)?.organisation ?? '';
  const note = cosignCheckpoint(checkpoint.note, signerOf(name), time, sha256);
  const cosignatures = [{ organisation, note }];
  await ledger.checkpoint({ cosigned: { note: checkpoint.note, cosignatures } });
}

describe('a proof', () => {
  it('shows what the log says of an asset and who confirmed it, from nothing but itself', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await cosign(ledger);
    const { text, confirmedBy, entries } = await prove(ledger, folder.path);
    expect(entries).toBe(2);
    expect(confirmedBy).toHaveLength(1);
    const { organisation } = ledger.self;
    expect(check(text, archive.address)).toEqual({
      address: archive.address,
      charter: ledger.charterCid,
      name: 'Test',
      asset,
      log: { by: ledger.self.did, organisation, size: 5 },
      confirmedBy: [
        { did: signerOf('ben').did, time: 1_700_000_000, organisation: confirmedBy[0] },
      ],
      statements: [
        expect.objectContaining({ arrival: 2, kind: 'deposit', organisation, isCarried: false }),
        expect.objectContaining({ arrival: 3, kind: 'hold', by: ledger.self.did, at: AT }),
      ],
    });
    // Tools that know C2SP alone find one entry in the cosigned tree.
    expect(parseTlogProof(text)).toMatchObject({ index: 2 });
    expect(text).not.toContain('Ada');
  });

  it('says all that was recorded of the asset when its checkpoint was made, also what came while it was gathered', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await using catalog = openCatalog({ path: join(folder.path, 'catalog.db'), ledger });
    await catalog.catchUp();
    const before = catalog.facts(asset);
    await ledger.append(appendOf('a'));
    await catalog.catchUp();
    // The second deposit is known only once the entries that were known first have been read.
    const known = [before];
    const facts = (cid: Cid) => known.pop() ?? catalog.facts(cid);
    const growing: typeof catalog = Object.create(catalog, { facts: { value: facts } });
    const parts = { ledger, feed: ledger.feed, catalog: growing, sha256, verifySignature };
    const { text } = await proveAsset(parts, asset);
    const { log, statements } = check(text, archive.address);
    expect(log.size).toBe(6);
    expect(statements.map(({ kind }) => kind)).toEqual(['deposit', 'hold', 'deposit']);
  });

  it('without a cosigned checkpoint over everything says that nobody confirmed it', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    expect(check((await prove(ledger, folder.path)).text).confirmedBy).toEqual([]);
    await cosign(ledger);
    await ledger.append(appendOf('a'));
    const { text, confirmedBy } = await prove(ledger, folder.path);
    expect(confirmedBy).toEqual([]);
    expect(check(text).statements).toHaveLength(3);
  });

  it('leaves out what partners proved of copies after others had confirmed the log', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await cosign(ledger);
    const { did } = signerOf('ben');
    const { organisation = '' } = ledger.memberOf(did) ?? {};
    const body = { ...BODIES.holding, holder: did, organisation };
    const held = createStatement('holding', { asset }, AT, body);
    await ledger.append({ statements: [held], records: [], documents: [] });
    const { text, confirmedBy } = await prove(ledger, folder.path);
    expect(confirmedBy).toHaveLength(1);
    const { statements } = check(text, archive.address);
    expect(statements.map(({ kind }) => kind)).toEqual(['deposit', 'hold']);
  });

  it('is not made of what nobody speaks of', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await expect(prove(ledger, folder.path, assetCid('nowhere'))).rejects.toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });

  it('shows how signers became members: by a grant, or an invitation and an admission', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    const guest = signerOf('guest');
    const admitted = signerOf('admitted');
    const invitation = signerOf('invitation');
    const organisation = 'e'.repeat(32);
    const terms = { role: 'partner', organisation, replica: 'all' } as const;
    const govern = async (statement: StatementOutline) =>
      ledger.append({ statements: [statement], records: [], documents: [] });
    await govern(
      createStatement('grant', null, AT, {
        ...terms,
        id: guest.did,
        key: guest.did,
        record: null,
      }),
    );
    const expires = '2027-01-01T00:00:00Z';
    const { ids } = await govern(
      createStatement('invitation', null, AT, { ...terms, key: invitation.did, expires }),
    );
    await govern(
      createStatement('admit', null, AT, {
        invitation: ids[0] ?? '',
        id: admitted.did,
        proof: toHex(invitation.sign(Buffer.from(admitted.did))),
        record: null,
      }),
    );
    const { checkpoint } = await ledger.checkpoint();
    const cosignatures = [guest, admitted].map((signer) => ({
      organisation,
      note: cosignCheckpoint(checkpoint.note, signer, 1_700_000_000, sha256),
    }));
    await ledger.checkpoint({ cosigned: { note: checkpoint.note, cosignatures } });
    const { text, entries, confirmedBy } = await prove(ledger, folder.path);
    expect(entries).toBe(5);
    expect(confirmedBy).toEqual([organisation]);
    expect(check(text, archive.address).confirmedBy).toEqual(
      [guest, admitted].map(({ did }) => ({ did, time: 1_700_000_000, organisation })),
    );
    // Without any one of the three entries, somebody's membership is not shown.
    const proof = parseAssetProof(text);
    for (const without of proof.entries.slice(-3)) {
      const hash = fromEntryHash(without.entry);
      const less = {
        ...proof,
        entries: proof.entries.filter((one) => one !== without),
        blocks: proof.blocks.filter(({ cid }) => cid !== hash),
      };
      expect(() => check(formatAssetProof(less))).toThrow(invalid);
    }
  });

  it('does not hold once any bit of it is another', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await cosign(ledger);
    const bytes = Buffer.from((await prove(ledger, folder.path)).text);
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    for (let turn = 0; turn < 1_500; turn++) {
      const bit = ((seed + turn) * 2_654_435_761) % (bytes.length * 8);
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const what = `bit ${bit} of ${bytes.length * 8}, seed ${seed}`;
      expect(() => check(flipped.toString('utf8'), archive.address), what).toThrow(invalid);
    }
  });

  it('does not hold when it is cut short, longer, or of another archive', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await cosign(ledger);
    const { text } = await prove(ledger, folder.path);
    for (const length of [0, 1, 100, text.length >> 1, text.length - 1]) {
      expect(() => check(text.slice(0, length)), `${length}`).toThrow(invalid);
    }
    expect(() => check(`${text}\n`)).toThrow(invalid);
    expect(() => check(text, testArchive('cyd').address)).toThrow(invalid);
  });

  it('does not hold with a cosigner who is no member', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await cosign(ledger);
    const proof = parseAssetProof((await prove(ledger, folder.path)).text);
    const note = `${proof.checkpoint.split('\n').slice(0, 5).join('\n')}\n`;
    const line = cosignCheckpoint(note, signerOf('stranger'), 1_700_000_000, sha256);
    expect(check(formatAssetProof({ ...proof, checkpoint: note })).confirmedBy).toEqual([]);
    const forged = formatAssetProof({ ...proof, checkpoint: `${note}${line}` });
    expect(() => check(forged)).toThrow(invalid);
  });

  it('does not hold with anything taken out, put in, or exchanged', async () => {
    using folder = temporaryFolder();
    await using ledger = await filled(folder.path);
    await cosign(ledger);
    const proof = parseAssetProof((await prove(ledger, folder.path)).text);
    const other = parseAssetProof((await prove(ledger, folder.path, assetCid('before'))).text);
    const [first, second] = proof.entries;
    if (first === undefined || second === undefined) throw new Error('two entries are expected');
    const changed = [
      ...proof.blocks.map((_, i) => ({ blocks: proof.blocks.filter((_one, k) => k !== i) })),
      { blocks: [...proof.blocks, ...other.blocks.slice(2)] },
      { sets: [] },
      { entries: [{ ...first, index: second.index }, second] },
      { entries: [first, first, second] },
      { entries: [...proof.entries, ...other.entries] },
      { asset: assetCid('before') },
      { address: testArchive('cyd').address },
    ];
    for (const change of changed) {
      expect(() => check(formatAssetProof({ ...proof, ...change }))).toThrow(invalid);
    }
  });
});
