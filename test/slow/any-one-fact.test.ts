import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Claim } from '../../src/archive/claims/claim-words.ts';
import { importClaim } from '../../src/archive/claims/import-claim.ts';
import { draftClaim } from '../../src/archive/claims/make-claim.ts';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { vouchForKey } from '../../src/archive/claims/vouchers.ts';
import { withdrawConsents } from '../../src/archive/claims/withdraw-consents.ts';
import { explain } from '../../src/archive/explain.ts';
import { grantMember } from '../../src/archive/governing/members.ts';
import { addReview } from '../../src/archive/judging/add-review.ts';
import { attestSet } from '../../src/archive/judging/attest-set.ts';
import { stop } from '../../src/archive/judging/stop.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { oneAsset, stateAbout } from '../../src/archive/state-about.ts';
import { addKit } from '../../src/archive/substantiating/add-kit.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import type { Cid } from '../../src/core/cid.ts';
import { factsOf } from '../../src/core/provenance/facts.ts';
import type { BodyOf } from '../../src/core/statements/kinds.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { damageStored, readAgain } from '../support/damaged-copies.ts';
import { signerOf } from '../support/keys.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';
import { picture } from '../support/pictures.ts';

const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const MAKER = 'Xanthippe Quillfeather';
const maker = signerOf('xanthippe');
const INSPECTORS = [
  ...['format', 'digests', 'traces', 'source-type'],
  ...['credentials', 'reservations', 'fingerprints'],
];
/** What fails while nobody else has entries or bytes, before anything is shown, and while not all is inspected. */
const UNWITNESSED = 'R0:E_NOT_LOGGED R1:E_INTEGRITY';
const NOT_SHOWN = 'R7:E_ORIGIN_UNKNOWN R8:E_EVIDENCE';
const UNREAD = ['R0', 'R2', 'R5', 'R6', 'R3', 'R11'].map((rule) => `${rule}:E_UNKNOWN`).join(' ');
const SHOWN = { rubric: 'item', hasNoStake: true, note: undefined } as const;

const homes = new PartnerHomes();
afterAll(() => homes[Symbol.asyncDispose]());

/** A museum; a partner that holds the second copy and reviews; a partner that holds none and witnesses. */
let museum: PartnerNode;
let holder: PartnerNode;
let witness: PartnerNode;
/** A living maker's picture, by consent; and a print in custody, by licence and set attestation. */
let drawn: Cid;
let printed: Cid;
let voucher: string;
let consent: { readonly id: string; readonly code: string };
let declaration: string;
let kit: string;
let confirmation: string;
let attestation: string;
/** What a reviewer or partner said last against one of them, and the museum's last licence. */
let raised: string;
let licenceStated: string | undefined;
let atFirst: BodyOf<'finding'>['findings'];

beforeAll(async () => {
  museum = await homes.found('museum');
  for (const [name, number] of [
    ['drawn', 3],
    ['printed', 5],
  ] as const) {
    writeFileSync(homes.path(`${name}.png`), await picture(number).png().toBuffer());
  }
  writeFileSync(
    homes.path('catalog.csv'),
    `path,title,creator,licence\ndrawn.png,Drawn,${MAKER},http://rightsstatements.org/vocab/InC/1.0/\nprinted.png,Printed,unknown,CC0-1.0\n`,
  );
  const request = {
    paths: ['drawn.png', 'printed.png'].map((name) => homes.path(name)),
    ...{ collection: 'c', catalogue: { path: homes.path('catalog.csv') } },
    ...{ all: false, custody: false, hidden: false, dryRun: false, measured: false },
  };
  for await (const event of ingest(request, museum.archive)) {
    if (event.event === 'failed') throw new Error(event.text);
  }
  const { assets } = museum.archive.catalog.list({}, { limit: 5 });
  const called = (title: string) => assets.find((one) => one.title === title)?.cid as Cid;
  drawn = called('Drawn');
  printed = called('Printed');
  atFirst = findingsOf(drawn);
});

/** A partner joins, and is made a reviewer. */
async function joined(name: string, own: Record<string, unknown>): Promise<PartnerNode> {
  const node = await homes.join(name, museum, 'partner', own);
  const { did } = node.network;
  await grantMember({ key: did, role: 'reviewer', replica: 'all' }, museum.archive);
  const isReviewer = () => node.archive.ledger.memberOf(did)?.roles.includes('reviewer');
  await expect.poll(isReviewer, SOON).toBe(true);
  return node;
}

/** What a node answers under `generative-training`: verdict, level and each rule that fails. */
function answer(asset: Cid, { archive }: PartnerNode): string {
  if (!archive.catalog.has(asset)) return 'not here';
  const question = { purpose: 'ai_generative_training', requester: 'anyone' } as const;
  const at = timestampOf(archive.clock);
  const asked = { asset, policy: 'generative-training', at, ...question };
  const { verdict, level, gates } = explain(asked, archive);
  const failing = gates.flatMap(({ rules }) => rules).filter(({ pass }) => !pass);
  return [verdict, level, ...failing.map(({ rule, code }) => `${rule}:${code}`)].join(' ');
}

const nodes = () => [museum, witness, holder].filter((node) => node !== undefined);

async function everywhere(asset: Cid, expected: string): Promise<void> {
  for (const node of nodes()) {
    await expect.poll(() => answer(asset, node), SOON).toBe(expected);
  }
}

/** The maker signs with a key of their own; the museum carries it. */
async function signed(claim: Claim): Promise<{ readonly id: string; readonly code: string }> {
  const about = { claim, subject: oneAsset(drawn), maker: MAKER, key: maker.did };
  const { file, withdrawalCode } = await draftClaim(about, museum.archive);
  const envelope = signClaim(JSON.stringify(file), maker, sha256).claim;
  const carried = { claim: JSON.stringify(envelope), checked: false };
  const { statements } = await importClaim(carried, museum.archive);
  return { id: statements[0]?.id ?? '', code: withdrawalCode ?? '' };
}

function consenting(replaces: readonly string[]): Claim {
  const terms = { under: null, replaces: [...replaces], legalBasis: 'consent' };
  return { kind: 'consent', preset: 'anyone', role: 'author', ...terms };
}

async function contradict(asset: Cid, evidence: readonly string[]): Promise<void> {
  const review = { ...SHOWN, asset, outcome: 'contradicted', evidence } as const;
  ({ id: raised } = await addReview(review, witness.archive));
}

async function raise(asset: Cid, { archive }: PartnerNode): Promise<void> {
  const dispute = { kind: 'dispute', reason: 'not-mine', by: 'member', against: [] } as const;
  const about = { subject: oneAsset(asset), note: 'x' };
  ({ id: raised } = await stop({ ...dispute, against: [] }, about, archive));
}

/** Somebody takes back what was raised last. */
async function lift(asset: Cid, { archive }: PartnerNode): Promise<void> {
  const bodyWith = (record: Cid | null): BodyOf<'resolution'> => ({
    ...{ of: [raised], outcome: 'lifted', record },
  });
  await stateAbout('resolution', bodyWith, { subject: oneAsset(asset) }, archive);
}

/** Working files of the picture, saved on two days. */
async function sealedKit(): Promise<string> {
  const folder = homes.path('kit');
  mkdirSync(folder);
  writeFileSync(join(folder, 'sketch.psd'), '8BPS\0\x01');
  writeFileSync(join(folder, 'later.psd'), '8BPS\0\x01 and ink');
  utimesSync(join(folder, 'sketch.psd'), 86_400, 86_400);
  return (await addKit(drawn, folder, museum.archive, new AbortController().signal)).id;
}

/** The museum says anew what an inspector found, or that it can read the picture no more, by a newer version of it. */
async function foundAgain(inspector: string, version: number, isRead: boolean): Promise<void> {
  const first = atFirst.find((one) => one.inspector === inspector);
  if (first === undefined) throw new Error(`${inspector} has not run`);
  const seen = isRead ? first : { ...first, outcome: 'unreadable' as const, facts: {} };
  const bodyWith = () => ({ findings: [{ ...seen, version }], record: null });
  await stateAbout('finding', bodyWith, { subject: oneAsset(drawn) }, museum.archive);
}

/** What the museum's inspectors found in the picture when it was deposited. */
function findingsOf(asset: Cid): BodyOf<'finding'>['findings'] {
  const facts = museum.archive.catalog.facts(asset);
  return facts === undefined ? [] : factsOf(facts, 'finding').flatMap(({ body }) => body.findings);
}

/** A licence of the museum's own that takes the place of its last. */
async function license(licence: string): Promise<void> {
  const replaces = licenceStated === undefined ? [] : [licenceStated];
  const bodyWith = (record: Cid | null) => ({ deposit: null, licence, replaces, record });
  const subject = oneAsset(printed);
  ({ id: licenceStated } = await stateAbout('licence', bodyWith, { subject }, museum.archive));
}

/** How one fact is taken away, what every node says then, and how it comes back. */
interface Loss {
  readonly lost: string;
  readonly take: () => Promise<unknown>;
  readonly says: string;
  readonly back: () => Promise<unknown>;
}

async function loses(asset: Cid, { take, says, back }: Loss): Promise<void> {
  await take();
  await everywhere(asset, says);
  await back();
  await everywhere(asset, 'eligible H3');
}

describe('a living maker’s picture on three nodes', () => {
  it('may train generative models once the last of all facts is there', async () => {
    const subject = oneAsset(drawn);
    await everywhere(drawn, `ineligible H0 ${UNWITNESSED} R4:E_NO_GRANT ${NOT_SHOWN}`);
    const said = { key: maker.did, maker: MAKER, subject };
    [voucher = ''] = (await vouchForKey(said, museum.archive)).vouchers;
    consent = await signed(consenting([]));
    await everywhere(drawn, `ineligible H0 ${UNWITNESSED} ${NOT_SHOWN}`);
    const how = { sourceType: 'digitalCreation', generative: 'none', tools: ['krita'] } as const;
    ({ id: declaration } = await signed({ kind: 'declaration', ...how }));
    await everywhere(drawn, `ineligible H1 ${UNWITNESSED} R8:E_EVIDENCE`);
    kit = await sealedKit();
    witness = await joined('witness', { want: 'none' });
    await everywhere(drawn, 'ineligible H1 R1:E_INTEGRITY R8:E_EVIDENCE');
    holder = await joined('holder', {});
    await everywhere(drawn, 'ineligible H1 R8:E_EVIDENCE');
    const review = { ...SHOWN, asset: drawn, outcome: 'confirmed', evidence: [kit] } as const;
    ({ id: confirmation } = await addReview(review, holder.archive));
    await everywhere(drawn, 'eligible H3');
  });

  const losses: readonly Loss[] = [
    {
      lost: 'its maker’s consent, by its code at a partner',
      take: () => withdrawConsents({ code: consent.code }, witness.archive),
      says: 'ineligible H3 R4:E_WITHDRAWN',
      back: async () => {
        consent = await signed(consenting([consent.id]));
      },
    },
    {
      lost: 'its maker’s declaration, as a reviewer contradicts it',
      take: () => contradict(drawn, [declaration]),
      says: 'ineligible H2 R7:E_ORIGIN_UNKNOWN R8:E_EVIDENCE',
      back: () => lift(drawn, witness),
    },
    {
      lost: 'whose key it is, as a reviewer contradicts the steward who said so',
      take: () => contradict(drawn, [voucher]),
      says: 'ineligible H2 R4:E_CHAIN R7:E_ORIGIN_UNKNOWN R8:E_EVIDENCE',
      back: () => lift(drawn, witness),
    },
    {
      lost: 'the review of its working files, as another reviewer contradicts it',
      take: () => contradict(drawn, [confirmation]),
      says: 'ineligible H1 R8:E_EVIDENCE',
      back: () => lift(drawn, witness),
    },
    {
      lost: 'its working files, as a reviewer contradicts them',
      take: () => contradict(drawn, [kit]),
      says: 'ineligible H1 R8:E_EVIDENCE',
      back: () => lift(drawn, witness),
    },
    ...[
      { copy: 'first', of: () => museum, home: 'museum' },
      { copy: 'second', of: () => holder, home: 'holder' },
    ].map(({ copy, of, home }) => ({
      lost: `the ${copy} copy, in which a bit has flipped`,
      take: async () => {
        damageStored(readFileSync(homes.path('drawn.png')), homes.path(home, 'packs'));
        expect((await readAgain(of())).damaged).toEqual([{ asset: drawn, outcome: 'corrupt' }]);
      },
      says: 'ineligible H3 R1:E_INTEGRITY',
      back: async () =>
        expect(await readAgain(of(), true)).toMatchObject({ repaired: 1, damaged: [] }),
    })),
    {
      lost: 'its peace, as a partner disputes it',
      take: () => raise(drawn, holder),
      says: 'hold H3 R3:H_DISPUTE',
      back: () => lift(drawn, holder),
    },
  ];

  for (const loss of losses) {
    it(`may not without ${loss.lost}, until that is back`, () => loses(drawn, loss));
  }

  it.each(INSPECTORS)('may not while %s cannot read it', async (inspector) => {
    const says =
      inspector === 'fingerprints'
        ? 'ineligible H3 R10:E_DUP_UNCHECKED'
        : `ineligible H3 ${UNREAD}`;
    const take = () => foundAgain(inspector, 98, false);
    const back = () => foundAgain(inspector, 99, true);
    await loses(drawn, { lost: inspector, take, says, back });
  });
});

describe('a print in custody on three nodes', () => {
  it('may train generative models once a reviewer of another organisation has looked', async () => {
    await license('CC0-1.0');
    const values = {
      ...{ cid: printed, item: 'inv-1', date: '1901-12-31', source: 'catalogue:hind-1912' },
      ...{ digitised: '2015-06-01', source_type: 'digitalCreation', maker: 'dead' },
    };
    ({ id: attestation } = await attestSet([{ line: 2, values }], museum.archive));
    await everywhere(printed, 'ineligible H2 R8:E_EVIDENCE');

    const review = { ...SHOWN, asset: printed, outcome: 'confirmed', evidence: [] } as const;
    const draw = { attestation, number: 0 };
    const refused = expect.objectContaining({ code: 'review_refused' });
    const isDrawn = () => holder.archive.catalog.nextDraws(attestation, 1)?.draws.length;
    await expect.poll(isDrawn, SOON).toBe(1);
    // The museum does not judge its own attestation, nor what it deposited; nobody with a stake judges.
    for (const [wrong, at] of [
      [{ ...review, draw }, museum],
      [review, museum],
      [{ ...review, draw, hasNoStake: false }, holder],
    ] as const) {
      await expect(addReview(wrong, at.archive)).rejects.toEqual(refused);
    }
    await addReview({ ...review, draw }, holder.archive);
    await expect(addReview({ ...review, draw }, holder.archive)).rejects.toEqual(refused);
    await everywhere(printed, 'eligible H3');
  });

  const losses: readonly Loss[] = [
    {
      lost: 'its licence',
      take: () => license('CC-BY-NC-4.0'),
      says: 'ineligible H3 R4:E_NO_GRANT',
      back: () => license('CC0-1.0'),
    },
    {
      lost: 'its attestation, of which a reviewer finds that it is wrong',
      take: () => contradict(printed, [attestation]),
      says: 'ineligible H0 R7:E_ORIGIN_UNKNOWN R8:E_EVIDENCE R3:H_HOLD',
      back: async () => {
        await lift(printed, witness);
        await everywhere(printed, 'hold H3 R3:H_HOLD');
        await lift(printed, holder);
      },
    },
  ];

  for (const loss of losses) {
    it(`may not without ${loss.lost}, until that is back`, () => loses(printed, loss));
  }
});

describe('both', () => {
  it('may not while nobody else has confirmed what is said of them', async () => {
    await holder[Symbol.asyncDispose]();
    await witness[Symbol.asyncDispose]();
    await license('CC-BY-4.0');
    await expect.poll(() => answer(printed, museum), SOON).toBe('ineligible H3 R0:E_NOT_LOGGED');
    witness = await homes.open('witness', { want: 'none' });
    await witness.network.dial(museum.network.addresses[0] ?? '');
    await expect.poll(() => answer(printed, museum), SOON).toBe('eligible H3');
  });

  it('may not once nobody has shown a copy for 90 days, until both are shown again', async () => {
    homes.laterMs = 91 * 86_400_000;
    await expect.poll(() => answer(drawn, museum), SOON).toBe('ineligible H3 R1:E_FIXITY_STALE');
    await readAgain(museum);
    await expect.poll(() => answer(drawn, museum), SOON).toBe('ineligible H3 R1:E_FIXITY_STALE');
    holder = await homes.open('holder');
    await holder.network.dial(museum.network.addresses[0] ?? '');
    for (const asset of [drawn, printed]) await everywhere(asset, 'eligible H3');
  });
});
