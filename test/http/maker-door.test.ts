import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { fromBase64 } from '../../src/core/base64.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { ClaimFile } from '../../src/core/entries/claim-file.ts';
import { createEnvelope, readPayload } from '../../src/core/entries/envelope.ts';
import type { Signer } from '../../src/core/ports/keys.ts';
import { createToken } from '../../src/http/callers/token.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { entriesSaid } from '../support/entries-said.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';
import { signerOf } from '../support/keys.ts';

const CLAIMS_PER_DAY = 30;
const ann = signerOf('ann');
const ben = signerOf('ben');
const eve = signerOf('eve');
let home: HttpHome;
/** Two by Ann, one by Ann and Ben, one by Ben, none of them public. */
let works: readonly Cid[];

const DECLARATION = {
  ...{ kind: 'declaration', sourceType: 'digitalCreation', generative: 'none', tools: ['pen'] },
};
const CONSENT = {
  ...{ kind: 'consent', purposes: { data_mining: 'allow' }, requesters: ['anyone'] },
  ...{ attribution: true, role: 'author' },
};

type Answer = { status: number; body: Record<string, unknown> & { code?: string } };

async function post(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${home.node.url}/api/v1/makers/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // Answers and problems are objects.
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

function token(by: Signer, audience = home.node.archive.ledger.self.did): string {
  return createToken(by, { audience, now: Date.now(), id: 'x' });
}

const draft = (by: Signer, claim: unknown, assets: readonly Cid[]) =>
  post('drafts', { token: token(by), claim, assets });
const carry = (claim: unknown) => post('claims', { claim });

async function signed(by: Signer, claim: unknown, assets: readonly Cid[], drafter = by) {
  const { body } = await draft(drafter, claim, assets);
  const code = String(body['withdrawalCode']);
  return { code, claim: signClaim(JSON.stringify(body['file']), by, sha256).claim };
}

/** The same claim with one thing in its statements changed, signed by the same key. */
function forged(file: ClaimFile, by: Signer, change: (body: Record<string, unknown>) => object) {
  const said = readPayload(fromBase64(file.envelope.payload) ?? new Uint8Array());
  const statements = said.statements.map((one) => ({
    ...one,
    // Bodies are objects.
    body: change(one.body as Record<string, unknown>),
  }));
  const envelope = new TextDecoder().decode(createEnvelope({ ...said, statements } as never, by));
  return { ...file, envelope: JSON.parse(envelope) };
}

const entries = () => entriesSaid(home.node.archive.ledger);
const refusedAs = (status: number, code: string) => ({ status, body: { code } });

beforeAll(async () => {
  home = await openHttpHome({ makers: { open: true, claimsPerDay: CLAIMS_PER_DAY, perHour: 90 } });
  const folder = join(home.folder, 'poems');
  mkdirSync(folder);
  const makers = ['Ann', 'Ann', 'Ann; Ben', 'Ben'];
  const rows = makers.map((name, at) => `${at},Poem ${at},${name},CC-BY-NC-4.0`);
  for (const at of makers.keys()) writeFileSync(join(folder, `${at}`), `poem ${at}`);
  const path = join(home.folder, 'rows.csv');
  writeFileSync(path, ['path,title,creator,licence', ...rows, ''].join('\n'));
  await home.perform('ingest', {
    ...{ all: true, custody: true, hidden: false, dryRun: false, measured: false },
    ...{ paths: [folder], collection: 'own', catalogue: { path } },
  });
  const { assets } = home.node.archive.catalog.list({}, { limit: 5 });
  works = makers.map((_, at) => assets.find(({ title }) => title === `Poem ${at}`)?.cid as Cid);
  const vouch = (key: string, maker: string, of: readonly (Cid | undefined)[]) =>
    home.perform('maker.vouch', { key, maker, subject: { assets: of } });
  await vouch(ann.did, 'Ann', works.slice(0, 3));
  await vouch(ben.did, 'Ben', works.slice(2));
});
afterAll(() => home[Symbol.asyncDispose]());

describe('a maker without membership', () => {
  it('learns for which works a steward has vouched for its key, and nobody else does', async () => {
    const asked = await post('vouched', { token: token(ann), assets: works });
    expect(asked.body['assets']).toEqual(works.slice(0, 3));
    const strange = await post('vouched', { token: token(eve), assets: works });
    expect(strange.body['assets']).toEqual([]);
    const elsewhere = token(ann, eve.did);
    expect(await post('vouched', { token: elsewhere, assets: works })).toMatchObject(
      refusedAs(401, 'sign_in_invalid'),
    );
  });

  it('declares and consents for several works at once, and one code takes all of it back', async () => {
    const [a, b] = works as [Cid, Cid];
    const declared = await signed(ann, DECLARATION, [a, b]);
    expect(await carry(declared.claim)).toMatchObject({ status: 200, body: { by: ann.did } });
    const { claim, code } = await signed(ann, CONSENT, [a, b]);
    expect(claim.texts[0]?.text).toContain('You can withdraw at any time.');
    expect((await carry(claim)).body['statements']).toHaveLength(2);
    const mining = { purpose: 'data_mining', policy: 'corroborated', requester: 'anyone' };
    const reasons = async () =>
      Promise.all(
        [a, b].map(async (asset) => {
          const told = await home.perform('explain', { asset, ...mining });
          return JSON.stringify(told).match(/E_(EVIDENCE|NO_GRANT|WITHDRAWN|CHAIN)/g);
        }),
      );
    expect(await reasons()).toEqual([['E_EVIDENCE'], ['E_EVIDENCE']]);
    const wrong = await post('withdrawals', { code: 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA' });
    expect(wrong).toMatchObject(refusedAs(404, 'not_found'));
    const back = await post('withdrawals', { code: code.toLowerCase() });
    expect(back.body['consents']).toHaveLength(2);
    const taken = ['E_WITHDRAWN', 'E_EVIDENCE'];
    expect(await reasons()).toEqual([taken, taken]);
  });

  it('sees what its key has signed, and no work of another', async () => {
    const { claim } = await signed(ann, CONSENT, [works[0] as Cid]);
    await carry(claim);
    const made = async (by: Signer, asset?: Cid) => {
      const answer = await home.as(by)(`${home.node.url}/api/v1/makers/works/${asset}`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown[]> };
    };
    const { body } = await made(ann, works[0]);
    expect(body).toMatchObject({ declarations: [{ tools: ['pen'] }], uses: [], isCut: false });
    expect(body['consents']).toMatchObject([
      { tied: true, replaced: false, withdrawnBy: [] },
      { tied: true, replaced: true, withdrawnBy: [expect.any(String)] },
    ]);
    expect((await made(ann, works[3])).status).toBe(404);
    expect((await made(ben, works[3])).status).toBe(401);
    expect((await fetch(`${home.node.url}/api/v1/makers/works/${works[0]}`)).status).toBe(401);
  });
});

describe('what is signed is refused, and nothing is recorded,', () => {
  const refuse = async (claim: unknown, status: number, code: string) => {
    const before = await entries();
    expect(await carry(claim)).toMatchObject(refusedAs(status, code));
    expect(await entries()).toBe(before);
  };

  it('by a key for which nobody vouches, or of somebody else’s work', async () => {
    const [a, , , his] = works as [Cid, Cid, Cid, Cid];
    expect(await draft(eve, DECLARATION, [a])).toMatchObject(refusedAs(403, 'not_allowed'));
    expect(await draft(ann, DECLARATION, [his])).toMatchObject(refusedAs(403, 'not_allowed'));
    const { claim } = await signed(eve, DECLARATION, [a], ann);
    await refuse(claim, 403, 'not_allowed');
  });

  it('of a work that was never deposited', async () => {
    const nowhere = 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    const { claim } = await signed(ann, CONSENT, [works[0] as Cid]);
    const said = readPayload(fromBase64(claim.envelope.payload) ?? new Uint8Array());
    const statements = said.statements.map((one) => ({ ...one, about: { asset: nowhere } }));
    const bytes = createEnvelope({ ...said, statements } as never, ann);
    await refuse(
      { ...claim, envelope: JSON.parse(Buffer.from(bytes).toString()) },
      403,
      'not_allowed',
    );
  });

  it('a second time, or with a signature of somebody else', async () => {
    const brush = { ...DECLARATION, tools: ['brush'] };
    const { claim } = await signed(ann, brush, [works[1] as Cid]);
    const [{ sig = '' } = {}] = (await signed(ben, DECLARATION, [works[3] as Cid])).claim.envelope
      .signatures;
    const signatures = [{ keyid: ann.did, sig }];
    await refuse({ ...claim, envelope: { ...claim.envelope, signatures } }, 400, 'input_invalid');
    expect((await carry(claim)).status).toBe(200);
    await refuse(claim, 422, 'statement_rejected');
  });

  it('for another maker of the same work, or in the place of its consent', async () => {
    const shared = works[2] as Cid;
    const his = await signed(ben, CONSENT, [shared]);
    const { body } = await carry(his.claim);
    const [{ id = '' } = {}] = body['statements'] as { id?: string }[];
    const { claim } = await signed(ann, CONSENT, [shared]);
    const makers = readPayload(fromBase64(his.claim.envelope.payload) ?? new Uint8Array())
      .statements[0]?.body as { makers: string[] };
    const speaks = (more: object) => forged(claim, ann, (said) => ({ ...said, ...more }));
    await refuse(speaks({ makers: makers.makers }), 422, 'statement_rejected');
    await refuse(speaks({ replaces: [id] }), 422, 'statement_rejected');
    const withdrawal = await signed(ann, { kind: 'withdrawal', consents: [id] }, [shared]);
    await refuse(withdrawal.claim, 422, 'statement_rejected');
  });

  it('in words of its own: a text, a note, a condition, or no letters at all', async () => {
    const asset = works[0] as Cid;
    const { claim } = await signed(ann, CONSENT, [asset]);
    const texts = [{ language: 'en', text: 'Buy my things at example.com' }];
    await refuse({ ...claim, texts: [...claim.texts, ...texts] }, 422, 'statement_rejected');
    const more = (words: object) => forged(claim, ann, (said) => ({ ...said, ...words }));
    await refuse(more({ purposes: { ai_training: 'allow' } }), 422, 'statement_rejected');
    await refuse(more({ conditions: ['buy-my-things'] }), 422, 'statement_rejected');
    await refuse(more({ identity: 'orcid' }), 422, 'statement_rejected');
    const declared = await signed(ann, DECLARATION, [asset]);
    const tools = ['https://example.com/?buy=1'];
    const loud = forged(declared.claim, ann, (said) => ({ ...said, tools }));
    await refuse(loud, 422, 'statement_rejected');
  });

  it('larger than a claim can be', async () => {
    const { claim } = await signed(ann, CONSENT, [works[0] as Cid]);
    await refuse({ ...claim, padding: 'x'.repeat(300_000) }, 413, 'input_invalid');
  });

  it('more often than the operator allows', async () => {
    let last: Answer = { status: 0, body: {} };
    for (let sent = 0; sent <= CLAIMS_PER_DAY && last.status !== 429; sent += 1) {
      last = await carry({ format: 'ringfence-claim/1' });
    }
    expect(last).toMatchObject(refusedAs(429, 'rate_limited'));
  });

  it('where the operator has not opened it; a code withdraws all the same', async () => {
    await using closed = await openHttpHome();
    const ask = (path: string, body: unknown) =>
      fetch(`${closed.node.url}/api/v1/makers/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await ask('claims', { claim: { format: 'ringfence-claim/1' } })).status).toBe(403);
    expect((await ask('withdrawals', { code: 'AAAAA-AAAAA-AAAAA-AAAAA-AAAAA' })).status).toBe(404);
    const told = await (await fetch(`${closed.node.url}/api/v1/makers`)).json();
    expect(told).toMatchObject({ claims: false, asks: null });
  });
});
