import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certify } from '../../src/archive/claims/certify.ts';
import type { Claim } from '../../src/archive/claims/claim-words.ts';
import { importClaim } from '../../src/archive/claims/import-claim.ts';
import { listConsents } from '../../src/archive/claims/list-consents.ts';
import { type ClaimRequest, draftAll, draftClaim } from '../../src/archive/claims/make-claim.ts';
import { recordConsent } from '../../src/archive/claims/record-consent.ts';
import { revokeCertificate } from '../../src/archive/claims/revoke-certificate.ts';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { subjectOf } from '../../src/archive/claims/subject.ts';
import { vouchForKey } from '../../src/archive/claims/vouchers.ts';
import { withdrawConsents } from '../../src/archive/claims/withdraw-consents.ts';
import { explain } from '../../src/archive/explain.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import {
  exportMakerKey,
  importMakerKey,
  newMakerKey,
  openMakerKey,
} from '../../src/compose/keys/maker-key.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import type { Cid } from '../../src/core/cid.ts';
import { createEnvelope } from '../../src/core/entries/envelope.ts';
import type { Purpose } from '../../src/core/policy/purposes.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NAME = 'Zoë Quillfeather';
/** The same name in another Unicode form. */
const TYPED = NAME.normalize('NFD');
const maker = signerOf('zoe');
const eve = signerOf('eve');
const ada = signerOf('ada');
const rejected = expect.objectContaining({ code: 'statement_rejected' });
const invalid = expect.objectContaining({ code: 'input_invalid' });
const missing = expect.objectContaining({ code: 'not_found' });

const DECLARATION = {
  kind: 'declaration',
  sourceType: 'digitalCreation',
  generative: 'none',
  tools: ['krita'],
} as const;

const CONSENT = {
  kind: 'consent' as const,
  role: 'author' as const,
  under: null,
  replaces: [] as string[],
  legalBasis: 'consent',
};

const folder = temporaryFolder();
let archive: OpenedArchive;
let asset: Cid;
let other: Cid;

beforeAll(async () => {
  await foundArchive(join(folder.path, 'home'), { name: 'Prints', institution: 'Museum' });
  archive = await openArchive(join(folder.path, 'home'));
  const scans = join(folder.path, 'scans');
  mkdirSync(scans);
  const svg = (path: string) => `<svg xmlns="http://www.w3.org/2000/svg"><path d="${path}"/></svg>`;
  writeFileSync(join(scans, 'a.svg'), svg('M0 0L9 9'));
  writeFileSync(join(scans, 'b.svg'), svg('M0 9L9 0'));
  const reserved = 'http://rightsstatements.org/vocab/InC/1.0/';
  const rows = [`a.svg,Line,${NAME},${reserved}`, `b.svg,Other,Ada,${reserved}`];
  const catalog = join(scans, 'catalog.csv');
  writeFileSync(catalog, ['path,title,creator,licence', ...rows].join('\n'));
  const request = {
    paths: [scans],
    collection: 'c',
    all: false,
    custody: false,
    catalogue: { path: catalog },
  };
  const events = ingest({ ...request, hidden: false, dryRun: false, measured: false }, archive);
  for await (const event of events) if (event.event === 'failed') throw new Error(event.text);
  const { assets } = archive.catalog.list({}, { limit: 5 });
  const called = (title: string) => assets.find((one) => one.title === title)?.cid as Cid;
  asset = called('Line');
  other = called('Other');
  await vouchForKey({ key: maker.did, maker: NAME, subject: await about(asset) }, archive);
});

afterAll(async () => {
  await archive[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const about = (...assets: readonly Cid[]) => subjectOf({ assets }, archive);

async function draft(claim: Claim, more: Partial<ClaimRequest> = {}) {
  const request = { claim, subject: await about(asset), maker: NAME, key: maker.did };
  return draftClaim({ ...request, ...more }, archive);
}

const signed = (file: unknown, signer: Signer = maker) =>
  JSON.stringify(signClaim(JSON.stringify(file), signer, sha256).claim);

const carry = (claim: string, checked = false) => importClaim({ claim, checked }, archive);

function verdict(of: Cid, purpose: Purpose = 'data_mining', requester = 'anyone') {
  const at = new Date().toISOString().replace(/\.\d+/, '');
  return explain({ asset: of, purpose, policy: 'corroborated', requester, at }, archive);
}

function rule(name: 'R4' | 'R8', ...asked: [purpose?: Purpose, requester?: string]) {
  const { gates } = verdict(asset, ...asked);
  return gates.flatMap(({ rules }) => rules).find((one) => one.rule === name)?.code;
}

async function consents() {
  const all = [];
  for await (const one of listConsents(asset, archive)) all.push(one);
  return all;
}

/** A consent by the maker, carried; returns its id and code. */
async function granted() {
  const { file, withdrawalCode } = await draft({ ...CONSENT, preset: 'anyone' });
  const { statements } = await carry(signed(file));
  return { id: statements[0]?.id ?? '', code: withdrawalCode ?? '', file };
}

describe('a maker', () => {
  it('declares with a key that a steward vouches for', async () => {
    const { statements, file } = await draft(DECLARATION);
    expect(statements[0]?.body).toMatchObject({ identity: { method: 'steward' } });
    await carry(signed(file));
    expect(archive.catalog.abstraction(asset)?.input.declarations).toHaveLength(1);
  });

  it('reads what withdrawal does before signing, and the ledger keeps that very text', async () => {
    const { shown, file } = await draft({ ...CONSENT, preset: 'research' });
    expect(shown).toContain(
      'copies already taken and models already trained are listed, not undone.',
    );
    expect(shown).toContain('research organisations');
    await carry(signed(file));
    expect((await consents()).map(({ text }) => text)).toContain(shown);
    expect(rule('R4', 'data_mining', 'research-organisation')).toBeNull();
    expect(rule('R4', 'data_mining')).toBe('E_GRANT_SCOPE');
    expect(rule('R4', 'ai_generative_training', 'research-organisation')).not.toBeNull();
  });

  it('withdraws by the code alone, however it is typed, and by no other', async () => {
    const { id, code } = await granted();
    expect(rule('R4')).toBeNull();
    const wrong = `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`;
    await expect(withdrawConsents({ code: wrong }, archive)).rejects.toThrow(missing);
    expect(rule('R4')).toBeNull();
    const { consents: ended } = await withdrawConsents({ code: code.toLowerCase() }, archive);
    expect(ended).toEqual([id]);
    expect(rule('R4')).toBe('E_WITHDRAWN');
    expect(code.replaceAll('-', '')).toMatch(/^[A-Z2-7]{25}$/);
  });

  it('is not made to consent again by the same envelope carried once more', async () => {
    const { code, file } = await granted();
    await withdrawConsents({ code }, archive);
    await expect(carry(signed(file))).rejects.toThrow(rejected);
    expect(rule('R4')).toBe('E_WITHDRAWN');
  });

  it('withdraws with the key that signed; another key does not', async () => {
    const { id } = await granted();
    const { file } = await draft({ kind: 'withdrawal', consents: [id] });
    await expect(carry(signed(file, eve))).rejects.toThrow(rejected);
    // Nor about a set of which the consent is not the first one's.
    const members = [other, asset];
    const beside = { makers: [], vouchedBy: null, replaces: [] };
    const set = createSet(members, sha256).cid;
    const sayings = [{ ...beside, about: { set }, identity: 'key' as const }];
    const all = { sayings, sets: [members], capture: 'import' as const };
    const { file: both } = draftAll({ kind: 'withdrawal', consents: [id] }, all, archive);
    await expect(carry(signed(both, eve))).rejects.toThrow(rejected);
    expect(rule('R4')).toBeNull();
    await carry(signed(file));
    expect(rule('R4')).toBe('E_WITHDRAWN');
  });

  it('consents on paper, for which a steward answers, who also records the withdrawal', async () => {
    const request = {
      claim: { ...CONSENT, preset: 'anyone' },
      subject: await about(asset),
      maker: TYPED,
    };
    const { id, withdrawalCode } = await recordConsent(request, archive);
    expect(rule('R4')).toBeNull();
    expect(withdrawalCode).not.toBeNull();
    await withdrawConsents({ consents: [id] }, archive);
    expect(rule('R4')).toBe('E_WITHDRAWN');
  });

  it('is a claimant only, as long as nobody ties the key', async () => {
    const { file } = await draft({ ...CONSENT, preset: 'anyone' }, { key: eve.did });
    await carry(signed(file, eve));
    expect((await consents()).at(-1)).toMatchObject({ identity: 'key', tied: false });
    expect(rule('R4')).not.toBeNull();
  });

  it('who says to be vouched for is not believed', async () => {
    const { file } = await draft({ ...CONSENT, preset: 'anyone' }, { identity: 'steward' });
    await carry(signed(file, eve));
    expect((await consents()).at(-1)).toMatchObject({ identity: 'steward', tied: false });
  });

  it('who states an ORCID is carried once somebody has looked', async () => {
    const { file } = await draft({ ...CONSENT, preset: 'nobody' }, { identity: 'orcid' });
    await expect(carry(signed(file))).rejects.toThrow(rejected);
    await carry(signed(file), true);
    expect(rule('R4')).not.toBeNull();
  });
});

describe('a certificate', () => {
  const answer = {
    issuer: 'authors-guild',
    number: '12345',
    snapshot: Buffer.from('<p>12345</p>'),
  };
  const levels = () => [asset, other].map((one) => verdict(one).level);

  it('that its issuer has revoked counts for no asset any more, however they were named', async () => {
    await vouchForKey({ key: ada.did, maker: 'Ada', subject: await about(other) }, archive);
    const hers = { subject: await about(other), maker: 'Ada', key: ada.did };
    // Said before within the same second, it would be the very same declaration.
    const declared = { ...DECLARATION, tools: ['inkscape'] };
    await carry(signed((await draft(declared)).file));
    await carry(signed((await draft(declared, hers)).file, ada));
    expect(levels()).toEqual(['H1', 'H1']);
    const confirmed = { ...answer, outcome: 'confirmed' as const };
    await certify({ ...confirmed, subject: await about(asset) }, archive);
    await certify({ ...confirmed, subject: await about(asset, other) }, archive);
    expect(levels()).toEqual(['H2', 'H2']);

    await expect(revokeCertificate({ ...answer, number: '1234' }, archive)).rejects.toThrow(
      missing,
    );
    expect(levels()).toEqual(['H2', 'H2']);
    expect(await revokeCertificate(answer, archive)).toMatchObject({ assets: 2 });
    expect(levels()).toEqual(['H1', 'H1']);
    // Nobody is certified by it from now on, and another number is.
    const later = { ...confirmed, subject: await about(other) };
    await expect(certify(later, archive)).rejects.toThrow(rejected);
    await certify({ ...later, outcome: 'not-found' }, archive);
    await certify({ ...later, number: '12346' }, archive);
    expect(levels()).toEqual(['H1', 'H2']);
  });
});

describe('a claim is refused', () => {
  const at = () => new Date().toISOString().replace(/\.\d+/, '');
  /** An envelope that says a statement, made without the archive's help. */
  const forged = (
    statement: ReturnType<typeof createStatement>,
    address = archive.ledger.address,
  ) =>
    Buffer.from(
      createEnvelope({ archive: address, nonce: '0f'.repeat(16), statements: [statement] }, maker),
    ).toString();
  const bodyFor = async (of: Cid, name: string) => {
    const more = { subject: await about(of), maker: name };
    const [statement] = (await draft({ ...CONSENT, preset: 'anyone' }, more)).statements;
    // A draft says one thing at least.
    return statement as NonNullable<typeof statement>;
  };

  it('for another archive', async () => {
    const statement = await bodyFor(asset, NAME);
    await expect(carry(forged(statement, '/orbitdb/zdpuOther'))).rejects.toThrow(invalid);
  });

  it('dated in the future', async () => {
    const { body } = await bodyFor(asset, NAME);
    const late = createStatement('consent', { asset }, '2099-01-01T00:00:00Z', body as never);
    await expect(carry(forged(late))).rejects.toThrow(rejected);
  });

  it('swapped to another asset, whose makers it does not name', async () => {
    const { body } = await bodyFor(asset, NAME);
    const swapped = createStatement('consent', { asset: other }, at(), body as never);
    await expect(carry(forged(swapped))).rejects.toThrow(rejected);
  });

  it('for an asset that is not here', async () => {
    const { body } = await bodyFor(asset, NAME);
    const gone = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' as Cid;
    await expect(
      carry(forged(createStatement('consent', { asset: gone }, at(), body as never))),
    ).rejects.toThrow(missing);
  });

  it('of a kind that is not a maker’s', async () => {
    const hold = { reason: 'look', source: 'steward', deadline: null, record: null } as const;
    await expect(carry(forged(createStatement('hold', { asset }, at(), hold)))).rejects.toThrow(
      rejected,
    );
  });

  it('signed by a member', async () => {
    const { did } = archive.ledger.self;
    const home = await import('../../src/ledger/keys/home-key.ts');
    const key = await home.openHomeKey(join(folder.path, 'home', 'key.pem'));
    expect(key.did).toBe(did);
    const { file } = await draft({ ...CONSENT, preset: 'anyone' });
    await expect(carry(signed(file, key))).rejects.toThrow(rejected);
  });

  it.each<[string, (text: string) => string]>([
    ['changed after signing', (text) => text.replace('"payload":"ey', '"payload":"eyA')],
    ['unsigned', (text) => text.replace(/"signatures":\[.*?\]/, '"signatures":[]')],
    ['with a key named twice', (text) => text.replace('{"format"', '{"format":"x","format"')],
    ['with a field nobody knows', (text) => text.replace('{', '{"extra":1,')],
    ['that is no JSON', () => '{'],
    ['that is a list', () => '[]'],
    [
      'whose envelope has 2 MB',
      (text) => text.replace('"payload":"', `"payload":"${'A'.repeat(2_000_000)}`),
    ],
  ])('%s', async (_, change) => {
    const size = archive.ledger.size();
    const { file } = await draft({ ...CONSENT, preset: 'anyone' });
    await expect(carry(change(signed(file)))).rejects.toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^(input_invalid|statement_rejected)$/),
      }),
    );
    expect(archive.ledger.size()).toBe(size);
  });

  it('before it is signed, where the text in the file is not the one that it names', async () => {
    const { file } = await draft({ ...CONSENT, preset: 'anyone' });
    const lying = { ...file, texts: [{ language: 'en', text: 'Nothing is allowed.' }] };
    expect(() => signed(lying)).toThrow(invalid);
  });

  it('before it is made, for a maker whom the deposit does not name, or terms that nobody knows', async () => {
    await expect(
      draft({ ...CONSENT, preset: 'anyone' }, { maker: 'Zoe Quillfeather' }),
    ).rejects.toThrow(missing);
    const unknown = expect.objectContaining({ code: 'usage_invalid' });
    await expect(draft({ ...CONSENT, preset: 'everything' })).rejects.toThrow(unknown);
    await expect(draft({ ...CONSENT })).rejects.toThrow(unknown);
  });
});

describe('a maker’s key file', () => {
  const path = (name: string) => join(folder.path, name);

  it('is its owner’s alone, opens with its passphrase alone, and travels as PEM', async () => {
    const did = await newMakerKey(path('a.key'), 'four random words');
    if (process.platform !== 'win32') expect(statSync(path('a.key')).mode & 0o777).toBe(0o600);
    expect((await openMakerKey(path('a.key'), 'four random words')).did).toBe(did);
    const sealed = expect.objectContaining({ code: 'backup_invalid' });
    await expect(openMakerKey(path('a.key'), 'other random words')).rejects.toThrow(sealed);
    expect(await exportMakerKey(path('a.key'), path('a.pem'), 'four random words')).toBe(did);
    expect(readFileSync(path('a.pem'), 'latin1')).toContain('BEGIN PRIVATE KEY');
    expect(await importMakerKey(path('a.pem'), path('b.key'), 'four other words')).toBe(did);
  });

  it('is never written over, and nothing else is taken for one', async () => {
    writeFileSync(path('c.key'), 'mine');
    const taken = expect.objectContaining({ code: 'export_conflict' });
    await expect(newMakerKey(path('c.key'), 'four random words')).rejects.toThrow(taken);
    expect(readFileSync(path('c.key'), 'utf8')).toBe('mine');
    await expect(importMakerKey(path('c.key'), path('d.key'), 'four random words')).rejects.toThrow(
      invalid,
    );
  });
});
