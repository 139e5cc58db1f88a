import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { proveAsset } from '../../src/archive/proving/prove-asset.ts';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import { cidToBytes } from '../../src/core/cid.ts';
import { publicKeyOf } from '../../src/core/entries/did-key.ts';
import { fromEntryHash } from '../../src/core/entries/entry-hash.ts';
import { toHex } from '../../src/core/hash.ts';
import { cosignCheckpoint, openCosignatures } from '../../src/core/witnessing/cosignature.ts';
import { parseAssetProof } from '../../src/core/witnessing/proof-file.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { appendOf } from '../support/deposits.ts';
import { seedOf, signerOf } from '../support/keys.ts';
import { openReplica, testArchive } from '../support/ledger-archive.ts';
import { assetCid } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The libraries of others that read C2SP formats, in a small program that Go builds. */
const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = join(folder.path, 'c2sp');
const source = fileURLToPath(new URL('../../scripts/interop/c2sp', import.meta.url));
const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: source, encoding: 'utf8' });

const archive = testArchive('ana', 'ben');
const asset = assetCid('a');

function ask(input: unknown) {
  return spawnSync(program, { input: JSON.stringify(input), encoding: 'utf8' });
}

/** A proof from a log of some entries, whose checkpoint two others have cosigned. */
async function proven() {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(temporaryFolder());
  const ledger = stack.use(await openReplica(archive, home.path, 'ana'));
  for (const name of ['before', 'a', 'after', 'later']) await ledger.append(appendOf(name));
  const { checkpoint } = await ledger.checkpoint();
  const { did } = signerOf('ben');
  const organisation = ledger.memberOf(did)?.organisation ?? '';
  const note = cosignCheckpoint(checkpoint.note, signerOf('ben'), 1_700_000_000, sha256);
  const cosignatures = [{ organisation, note }];
  await ledger.checkpoint({ cosigned: { note: checkpoint.note, cosignatures } });
  const catalog = stack.use(openCatalog({ path: join(home.path, 'catalog.db'), ledger }));
  await catalog.catchUp();
  const parts = { ledger, feed: ledger.feed, catalog, sha256, verifySignature };
  const { text } = await proveAsset(parts, asset);
  const [entry] = parseAssetProof(text).entries;
  if (entry === undefined) throw new Error('the proof is of no entry');
  return {
    proof: text,
    leaf: toHex(cidToBytes(fromEntryHash(entry.entry))),
    origin: checkpoint.note.split('\n')[0],
    logKey: toHex(publicKeyOf(ledger.self.did)),
    cosigners: [{ name: did, key: toHex(publicKeyOf(did)) }],
  };
}

describe.skipIf(built.status !== 0)(
  'beside torchwood and sumdb/note (skipped where Go cannot build scripts/interop/c2sp)',
  () => {
    it('a proof holds, with the signatures of the log and of the cosigner', async () => {
      const input = await proven();
      const { stdout, stderr } = ask(input);
      expect(stderr).toBe('');
      expect(stdout).toBe(`${input.origin}\n5\n2\n`);
    });

    it('a proof holds for no other leaf, log or cosigner', async () => {
      const input = await proven();
      const other = toHex(publicKeyOf(signerOf('cyd').did));
      const [cosigner] = input.cosigners;
      for (const change of [
        { leaf: input.leaf.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
        { logKey: other },
        { cosigners: [{ ...cosigner, key: other }] },
        { origin: `${input.origin}0` },
      ]) {
        expect(ask({ ...input, ...change }).status).not.toBe(0);
      }
    });

    it('a cosignature of theirs is read here', () => {
      const { did } = signerOf('ben');
      const text = `an-origin\n1\n${Buffer.alloc(32).toString('base64')}\n`;
      const signed = ask({ text, name: did, seed: toHex(seedOf('ben')) }).stdout;
      const lines = signed.slice(text.length + 1);
      expect(openCosignatures(signed, lines, verifySignature, sha256)).toMatchObject([{ did }]);
    });
  },
);
