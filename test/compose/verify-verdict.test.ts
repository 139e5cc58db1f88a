import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proveVerdict } from '../../src/archive/proving/prove-verdict.ts';
import { openCatalog } from '../../src/catalog/open-catalog.ts';
import { verifyPath } from '../../src/compose/verify-path.ts';
import { toHex } from '../../src/core/hash.ts';
import type { VerdictClaim } from '../../src/core/ports/exchange.ts';
import { cosignCheckpoint } from '../../src/core/witnessing/cosignature.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { feedExchanges } from '../../src/replica/exchange/feed-exchanges.ts';
import { appendOf } from '../support/deposits.ts';
import { signerOf } from '../support/keys.ts';
import { AT, openReplica, organisationOf, testArchive } from '../support/ledger-archive.ts';
import { assetCid } from '../support/statement-bodies.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const archive = testArchive('ana', 'ben');
const folder = temporaryFolder();
const bundle = join(folder.path, 'a.verdict');
const invalid = expect.objectContaining({ code: 'proof_invalid' });
const check = (path: string, address = archive.address) => verifyPath(path, { address });

/** Writes ana's verdict on an asset, another entry having come after what ben confirmed; returns the log. */
async function write(path: string, change: (claim: VerdictClaim) => VerdictClaim = (one) => one) {
  using home = temporaryFolder();
  await using ledger = await openReplica(archive, home.path, 'ana');
  await ledger.append(appendOf('a', 'b'));
  const { checkpoint } = await ledger.checkpoint();
  const note = cosignCheckpoint(checkpoint.note, signerOf('ben'), 1_700_000_000, sha256);
  const cosignatures = [{ organisation: organisationOf('ben'), note }];
  await ledger.checkpoint({ cosigned: { note: checkpoint.note, cosignatures } });
  const { feed, feeds } = ledger;
  const parts = { ledger, feed, feeds, verify: verifySignature, sha256, mayHave: () => undefined };
  const real = feedExchanges(parts);
  const exchanges: typeof real = {
    ...real,
    exportFeed: (to, { claim, ...options }) =>
      real.exportFeed(to, { ...options, ...(claim && { claim: change(claim) }) }),
  };
  await using catalog = openCatalog({ path: join(home.path, 'catalog.db'), ledger });
  const question = { purpose: 'ai_training', policy: 'gold', requester: 'anyone', at: AT } as const;
  const { signal } = new AbortController();
  const asked = { ...question, asset: assetCid('a'), path };
  const proven = await proveVerdict(asked, { ledger, catalog, exchanges }, signal);
  return { ...proven, root: toHex(feed.head().root), confirmed: checkpoint.size };
}

let written: Awaited<ReturnType<typeof write>>;
beforeAll(async () => {
  written = await write(bundle);
});
afterAll(() => folder[Symbol.dispose]());

it('recomputes a verdict from its bundle alone, and says against which log', async () => {
  const { verdict, size, root, confirmed } = written;
  expect(await check(bundle)).toMatchObject({
    sort: 'verdict',
    address: archive.address,
    verdict,
    log: { by: signerOf('ana').did, size, root },
    confirmed: { size: confirmed, by: [{ organisation: organisationOf('ben') }] },
  });
  await expect(check(bundle, testArchive('eve').address)).rejects.toEqual(invalid);
});

it('refuses a bundle with any byte changed', async () => {
  const bytes = readFileSync(bundle);
  const path = join(folder.path, 'changed');
  for (let at = 1; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
    writeFileSync(path, bytes.with(at, (bytes[at] ?? 0) ^ 1));
    await expect(check(path), `byte ${at}`).rejects.toEqual(invalid);
  }
});

it('refuses what lacks an entry, or has another in its place, though its sum is right', async () => {
  const bytes = readFileSync(bundle).subarray(0, -32);
  const path = join(folder.path, 'summed');
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  const summed = (some: readonly Buffer[]) => {
    const all = Buffer.concat(some);
    writeFileSync(path, Buffer.concat([all, createHash('sha256').update(all).digest()]));
  };
  summed(frames);
  await check(path);
  const last = frames.at(-1) ?? Buffer.alloc(0);
  for (const some of [frames.slice(0, -1), [...frames.slice(0, -2), last, last]]) {
    summed(some);
    await expect(check(path)).rejects.toEqual(invalid);
  }
});

it.each<[string, (claim: VerdictClaim) => VerdictClaim]>([
  [
    'another verdict',
    (claim) => ({ ...claim, verdict: claim.verdict.replace('ineligible', 'eligible') }),
  ],
  ['a verdict that is none', (claim) => ({ ...claim, verdict: '{' })],
  ['no policy documents', (claim) => ({ ...claim, papers: claim.papers.slice(0, -1) })],
  [
    "a stranger's cosignature",
    (claim) => {
      const note = claim.confirmed?.note ?? '';
      const line = cosignCheckpoint(note, signerOf('eve'), 1_700_000_000, sha256);
      return { ...claim, confirmed: { note, lines: [line] } };
    },
  ],
])('refuses a bundle with %s', async (_, change) => {
  const path = join(folder.path, 'claimed');
  await write(path, change);
  await expect(check(path)).rejects.toEqual(invalid);
});
