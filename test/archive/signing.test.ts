import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importClaim } from '../../src/archive/claims/import-claim.ts';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { retireBrowsers } from '../../src/archive/signing/browser-rights.ts';
import { draftStatement } from '../../src/archive/signing/draft-statement.ts';
import { importStatement } from '../../src/archive/signing/import-statement.ts';
import { oneAsset } from '../../src/archive/state-about.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import { systemEnvirons } from '../../src/compose/system.ts';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { createEnvelope } from '../../src/core/entries/envelope.ts';
import { BROWSER_MS } from '../../src/core/ports/browsers.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import type { BodyOf } from '../../src/core/statements/kinds.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const notAllowed = expect.objectContaining({ code: 'not_allowed' });
const rejected = expect.objectContaining({ code: 'statement_rejected' });
const invalid = expect.objectContaining({ code: 'input_invalid' });

const temporary = temporaryFolder();
let archive: OpenedArchive;
let asset: Cid;
/** Milliseconds by which the clock of the home is ahead. */
let ahead = 0;

beforeAll(async () => {
  const home = join(temporary.path, 'home');
  await foundArchive(home, { name: 'Prints', institution: 'Museum' });
  const clock = () => systemEnvirons.clock() + ahead;
  archive = await openArchive(home, { environs: { ...systemEnvirons, clock } });
  const scans = join(temporary.path, 'scans');
  mkdirSync(scans);
  writeFileSync(join(scans, 'a.txt'), 'a poem');
  const options = { all: true, custody: false, hidden: false, dryRun: false, measured: false };
  for await (const event of ingest({ ...options, paths: [scans], collection: 'c' }, archive)) {
    if (event.event === 'failed') throw new Error(event.text);
  }
  asset = archive.catalog.list({}, { limit: 1 }).assets[0]?.cid as Cid;
});

afterAll(async () => {
  await archive[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

const HOLD = { reason: 'look-again', source: 'steward', deadline: null } as const;

/** A browser of the owner, with the key of that name. */
async function signedIn(name: string): Promise<Signer> {
  const { path } = await archive.browsers.createLink();
  const { did: key } = signerOf(name);
  await archive.browsers.signIn(path.replace('/sign-in#', ''), { key, agent: 'Lynx' });
  return signerOf(name);
}

function signed(signer: Signer, note?: string): string {
  const words = (record: Cid | null) => ({ ...HOLD, record });
  const file = draftStatement('hold', words, { subject: oneAsset(asset), note }, archive);
  return JSON.stringify(signClaim(JSON.stringify(file), signer, sha256).claim);
}

const brought = (claim: string) => importStatement(claim, archive);
const rolesOf = ({ did }: Signer) => archive.ledger.memberOf(did)?.roles;

/** An envelope that our own program would not make. */
function forged(signer: Signer, kind: 'grant' | 'takedown' | 'hold'): StatementOutline {
  const { did } = signer;
  const grant = {
    id: archive.ledger.self.did,
    key: did,
    role: 'archivist',
    replica: 'all',
  } as const;
  const bodies = {
    grant: { ...grant, organisation: archive.ledger.self.organisation, record: null },
    takedown: { reason: 'law', authority: null, record: null },
    hold: { ...HOLD, record: null },
  } satisfies { readonly [K in typeof kind]: BodyOf<K> };
  const about = kind === 'grant' ? null : { asset };
  return createStatement(kind, about, new Date().toISOString().replace(/\.\d+/, ''), bodies[kind]);
}

let nonces = 0;

function envelopeOf(statement: StatementOutline, signer: Signer): Uint8Array {
  nonces += 1;
  const nonce = nonces.toString(16).padStart(32, '0');
  return createEnvelope(
    { archive: archive.ledger.address, nonce, statements: [statement] },
    signer,
  );
}

/** Appends it past everything that looks at it before the ledger does. */
function forced(statement: StatementOutline, signer: Signer) {
  const bytes = envelopeOf(statement, signer);
  const envelope = { cid: cidFromDigest(CODEC.raw, sha256(bytes)), bytes };
  const outline = { ...statement, signed: { by: signer.did, envelope: envelope.cid } };
  return archive.ledger.append({ statements: [outline], records: [], documents: [envelope] });
}

describe('a statement that a browser signs', () => {
  it('is said by its key, for the member of its home, with the least role that it takes', async () => {
    const tab = await signedIn('tab');
    const size = archive.ledger.size();
    const { entry, by, statements } = await brought(signed(tab, 'look at the paper'));
    expect(by).toBe(tab.did);
    expect(rolesOf(tab)).toEqual(['reviewer']);
    expect(archive.ledger.members()[0]).toMatchObject({
      keys: [archive.ledger.self.did],
      browserKeys: [tab.did],
    });
    const hold = archive.catalog.facts(asset)?.known.hold?.find(({ id }) => id === `${entry}/0`);
    expect(hold).toMatchObject({
      id: statements[0]?.id,
      author: tab.did,
      organisation: archive.ledger.self.organisation,
    });
    expect(archive.ledger.record(hold?.body.record as Cid)).toEqual({
      type: 'note',
      text: 'look at the paper',
    });
    await brought(signed(tab));
    // A grant, and two statements.
    expect(archive.ledger.size()).toBe(size + 3);
  });

  it('counts once, as it was signed, in its own archive', async () => {
    const tab = await signedIn('tab');
    const claim = signed(tab);
    await brought(claim);
    await expect(brought(claim)).rejects.toEqual(rejected);
    const { envelope, ...rest } = JSON.parse(signed(tab));
    const other = Buffer.from(envelope.payload, 'base64').toString().replace('look-', 'lock-');
    const payload = Buffer.from(other).toString('base64');
    const altered = JSON.stringify({ ...rest, envelope: { ...envelope, payload } });
    await expect(brought(altered)).rejects.toEqual(invalid);
    const elsewhere = { archive: '/orbitdb/zdpu', nonce: '0'.repeat(32) };
    const statements = [forged(tab, 'hold')];
    const text = Buffer.from(createEnvelope({ ...elsewhere, statements }, tab)).toString();
    await expect(brought(text)).rejects.toEqual(invalid);
  });

  it('is refused from a key that never signed in, and grants it nothing', async () => {
    const eve = signerOf('eve');
    const size = archive.ledger.size();
    await expect(brought(signed(eve))).rejects.toEqual(notAllowed);
    await expect(forced(forged(eve, 'hold'), eve)).rejects.toEqual(rejected);
    expect([archive.ledger.size(), rolesOf(eve)]).toEqual([size, undefined]);
  });

  it('is no governance, and nothing that stewards alone say', async () => {
    const tab = await signedIn('tab');
    await brought(signed(tab));
    const size = archive.ledger.size();
    for (const kind of ['grant', 'takedown'] as const) {
      const statement = forged(tab, kind);
      const text = Buffer.from(envelopeOf(statement, tab)).toString();
      await expect(brought(text)).rejects.toThrow();
      await expect(forced(statement, tab)).rejects.toEqual(rejected);
    }
    expect([archive.ledger.size(), rolesOf(tab)]).toEqual([size, ['reviewer']]);
  });

  it("is not carried as a maker's, who is somebody else", async () => {
    const tab = await signedIn('another tab');
    const claim = Buffer.from(envelopeOf(forged(tab, 'hold'), tab)).toString();
    await expect(importClaim({ claim, checked: true }, archive)).rejects.toEqual(rejected);
  });
});

describe('a browser that is signed out', () => {
  it('says nothing more, by way of any node, and what it said stands', async () => {
    const tab = await signedIn('short tab');
    const { entry } = await brought(signed(tab));
    const late = signed(tab);
    await archive.browsers.remove(tab.did);
    await expect(brought(late)).rejects.toEqual(notAllowed);
    expect(await retireBrowsers(archive)).toBe(1);
    await expect(forced(forged(tab, 'hold'), tab)).rejects.toEqual(rejected);
    expect(rolesOf(tab)).toBeUndefined();
    await archive.catalog.catchUp();
    const holds = archive.catalog.facts(asset)?.known.hold?.map(({ id }) => id);
    expect(holds).toContain(`${entry}/0`);
  });

  it('is one whose time is over, too', async () => {
    const tab = await signedIn('old tab');
    await brought(signed(tab));
    ahead = BROWSER_MS + 1;
    await expect(brought(signed(tab))).rejects.toEqual(notAllowed);
    await retireBrowsers(archive);
    expect([rolesOf(tab), archive.ledger.browserKeys()]).toEqual([undefined, []]);
    ahead = 0;
  });
});
