import { encode } from '@ipld/dag-cbor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { subjectOf } from '../../../src/archive/claims/subject.ts';
import { say } from '../../../src/archive/say.ts';
import { stateAbout } from '../../../src/archive/state-about.ts';
import { impactOf } from '../../../src/archive/tracing/impact-of.ts';
import { registerModel } from '../../../src/archive/tracing/register-model.ts';
import { type Traced, traceModel } from '../../../src/archive/tracing/trace-model.ts';
import { type Cid, CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { Purpose } from '../../../src/core/policy/purposes.ts';
import type { BodyOf } from '../../../src/core/statements/kinds.ts';
import { memberOf } from '../../support/memory-ledger.ts';
import { openReleaseHome, type ReleaseHome } from '../../support/release-home.ts';
import { sha256 } from '../../support/statement-bodies.ts';

const works = Object.fromEntries(
  Array.from({ length: 3 }, (_, index) => [`poem${index}.txt`, Buffer.from(`poem ${index}\n`)]),
);
const WEIGHTS = 'a'.repeat(64);
let home: ReleaseHome;

beforeAll(async () => {
  home = await openReleaseHome(works);
});
afterAll(() => home[Symbol.asyncDispose]());

async function pulled(purpose: Purpose): Promise<string> {
  const asked = { purpose, requester: 'anyone', revision: 0, puller: memberOf(2).did };
  const { id } = await say(
    'receipt',
    { release: home.release as Cid, shards: [], ...asked },
    home.node.archive,
  );
  await home.node.archive.catalog.catchUp();
  return id;
}

const trace = (model: string): Promise<readonly Traced[]> =>
  Array.fromAsync(traceModel(model, home.node.archive));

it('refuses a generative model for what was not cut for it, and a receipt that is not there', async () => {
  const model = { model: 'prints-1', weights: WEIGHTS, generative: true };
  const register = (receipts: string[], generative = true) =>
    registerModel({ ...model, generative, receipts }, home.node.archive);
  const other = await pulled('ai_training');
  await expect(register([other])).rejects.toMatchObject({ code: 'model_refused' });
  const inference = await pulled('ai_inference');
  await expect(register([inference], false)).rejects.toMatchObject({ code: 'model_refused' });
  await expect(register([`${other.slice(0, -1)}7`])).rejects.toMatchObject({ code: 'not_found' });
  await expect(trace('prints-1')).rejects.toMatchObject({ code: 'not_found' });
});

it('goes from a model to release, assets and consents, before a withdrawal and after', async () => {
  const poem = home.assets.get('poem1.txt') ?? '';
  const claim = {
    ...{ kind: 'consent', purposes: { ai_generative_training: 'allow' }, role: 'author' },
    ...{ under: null, replaces: [], legalBasis: 'consent' },
  };
  const subject = { assets: [poem] };
  const consent = (await home.perform('consent.record', { claim, subject, maker: 'Ann' })) as {
    id: string;
    withdrawalCode: string;
  };
  const receipt = await pulled('ai_generative_training');
  const model = { model: 'prints-2', weights: WEIGHTS, generative: true, receipts: [receipt] };
  const registered = await home.perform('model.register', model);
  expect(registered).toMatchObject({ isNew: true });
  const entries = home.node.archive.ledger.size();
  expect(await home.perform('model.register', model)).toEqual({
    ...(registered as object),
    isNew: false,
  });
  expect(home.node.archive.ledger.size()).toBe(entries);
  const [named, release, ...assets] = await trace('prints-2');
  expect(named).toMatchObject({ kind: 'model', weights: WEIGHTS, receipts: [receipt] });
  expect(release).toMatchObject({ kind: 'release', receipt, name: 'works', revision: 0 });
  expect(assets).toHaveLength(3);
  expect(assets.find((one) => 'asset' in one && one.asset === poem)).toMatchObject({
    ...{ was: 'included', is: 'included', reason: null },
    consents: [{ id: consent.id, withdrawnBy: [] }],
  });

  await home.perform('consent.withdraw', { code: consent.withdrawalCode, consents: [] });
  await home.node.archive.catalog.catchUp();
  expect((await trace(WEIGHTS)).find((one) => 'asset' in one && one.asset === poem)).toMatchObject({
    ...{ was: 'included', is: 'withdrawn', reason: 'E_WITHDRAWN' },
    consents: [{ id: consent.id, withdrawnBy: [expect.any(String)] }],
  });
  expect(await home.perform('model.trace', { model: 'prints-2' })).toMatchObject({
    ...{ releases: 1, assets: 3, withdrawn: 1 },
  });
});

it('says of a release under a policy that is not known here what the impact of its assets says', async () => {
  const { archive } = home.node;
  const poem = home.assets.get('poem2.txt') as Cid;
  const release = home.assets.get('poem0.txt') as Cid;
  const [view] = archive.catalog.releases();
  const asked = { purpose: 'ai_generative_training', requester: 'anyone' } as const;
  const said = { state: view?.state ?? '', at: '2026-11-22T12:00:00Z', manifest: '0'.repeat(64) };
  // No policy that anybody has proposed.
  const bytes = encode({ of: 'nobody' });
  const document = { cid: cidFromDigest(CODEC.dagCbor, sha256(bytes)), bytes };
  const body = { ...asked, ...said, release, policy: document.cid, assets: 2, bytes: 7 };
  const subject = await subjectOf({ assets: [poem, home.assets.get('poem1.txt') ?? ''] }, archive);
  await stateAbout(
    'release',
    () => body as BodyOf<'release'>,
    { subject, documents: [document] },
    archive,
  );
  const { id } = await say(
    'receipt',
    { ...asked, release, shards: [], revision: 0, puller: memberOf(2).did },
    archive,
  );
  await archive.catalog.catchUp();
  const model = { model: 'prints-3', weights: 'b'.repeat(64), generative: true, receipts: [id] };
  await home.perform('model.register', model);
  const out = { is: 'withdrawn', reason: 'E_UNKNOWN' };
  expect(await trace('prints-3')).toContainEqual(
    expect.objectContaining({ kind: 'asset', asset: poem, ...out }),
  );
  const impact = await Array.fromAsync(impactOf(poem, archive));
  expect(impact).toContainEqual(
    expect.objectContaining({ release, left: expect.objectContaining(out) }),
  );
});
