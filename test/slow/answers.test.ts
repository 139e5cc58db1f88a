import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { signClaim } from '../../src/archive/claims/sign-claim.ts';
import { OPERATIONS } from '../../src/archive/operations/operations.ts';
import { say } from '../../src/archive/say.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { openNode, type RunningNode } from '../../src/compose/open-node.ts';
import { toBase64 } from '../../src/core/base64.ts';
import { publicKeyOf } from '../../src/core/entries/did-key.ts';
import { askNode } from '../../src/http/operations/ask-node.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { signerOf } from '../support/keys.ts';
import { BITCOIN, BITCOIN_HEADER, COINBASE, ots } from '../support/ots-files.ts';
import { picture } from '../support/pictures.ts';
import { silent } from '../support/silent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeCertificate } from '../support/test-certificate.ts';

/** Operations that are not asked here, and why. */
const UNASKED = {
  leave: 'the only steward cannot',
  'member.adopt': 'it takes entries of a member who was revoked',
  'remove.confirm': 'the only steward can, a day later',
  'rendition.confirm': 'it takes a rendition by another home',
  'sync.import': 'it takes a file of another home',
};

const asked = new Set<string>();
const temporary = temporaryFolder();
const at = (name: string) => join(temporary.path, name);
let node: RunningNode;

beforeAll(async () => {
  await foundArchive(at('home'), { name: 'Works', institution: 'House' });
  const path = join(at('home'), 'ringfence.json');
  const settings = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(at('home/list.txt'), `${'0'.repeat(64)} known-bad\n`);
  const more = { inquiries: { open: true }, screening: { hashLists: ['list.txt'] } };
  await writeFile(path, JSON.stringify({ ...settings, ...more }));
  node = await openNode(at('home'), { log: () => {}, p2p: ['/ip4/127.0.0.1/tcp/0'] });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  temporary[Symbol.dispose]();
});

// biome-ignore lint/suspicious/noExplicitAny: what is looked at here is checked by the schema first.
type Json = any;

/** Has the node do an operation, and returns its result and items, once they are what it describes. */
async function done(name: string, input: unknown = {}): Promise<{ result: Json; items: Json[] }> {
  const operation = OPERATIONS.get(name);
  const items: Json[] = [];
  const item = async (one: unknown) => void items.push(one);
  const answered = await askNode(at('home'), name, input, { ...silent, item });
  const result = answered?.result;
  if (operation === undefined || answered === undefined) throw new Error(name);
  expect(operation.result.safeParse(result), name).toEqual({ success: true, data: result });
  const stream = z.array(operation.item ?? z.never()).safeParse(items);
  expect(stream, name).toEqual({ success: true, data: items });
  asked.add(name);
  return { result, items };
}

const QUESTION = {
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
} as const;

it('every operation gives what it describes, and nothing else', async () => {
  await mkdir(at('works'));
  await writeFile(at('works/coinbase.bin'), COINBASE);
  await writeFile(at('works/poem.txt'), 'roses are red, and nobody planted them');
  await writeFile(at('works/caption.txt'), 'a wave');
  await writeFile(at('works/wave.png'), await picture(3).png().toBuffer());
  await writeFile(at('wide.jpg'), await picture(3).jpeg().toBuffer());
  const rows = ['coinbase.bin', 'poem.txt', 'wave.png'].map(
    (name) => `${name},${name},Ann Example,CC0-1.0,print`,
  );
  const header = 'path,title,creator,licence,digital_source_type';
  await writeFile(at('rows.csv'), [header, ...rows, ''].join('\n'));
  const ingested = await done('ingest', {
    ...{ paths: [at('works')], collection: 'main', catalogue: { path: at('rows.csv') } },
    ...{ all: true, hidden: false, custody: true, dryRun: false, measured: false },
  });
  expect(ingested.items.at(-1)).toMatchObject({ deposits: 4 });
  const bytes = Buffer.from([header, ...rows, 'none.txt,,,,,'].join('\n')).toString('base64');
  await done('catalogue.read', { name: 'rows.csv', bytes });
  const listed = await done('list', { filter: {} });
  const standing = { purpose: 'ai_training', policy: 'corroborated', requester: 'anyone' };
  const counted = (await done('facets', { filter: {}, standing })).result;
  expect(counted.assets).toBe(listed.items.length);
  const called = (title: string) => listed.items.find((one) => one.title === title).cid;
  const names = ['poem.txt', 'wave.png', 'coinbase.bin', 'caption'];
  const [poem, wave, coinbase, caption] = names.map(called);
  const subject = { assets: [poem] };

  await done('show', { asset: poem });
  await done('history', { asset: poem });
  await done('evidence.source', { asset: wave });
  await done('preview', { asset: wave });
  await done('status', QUESTION);
  await done('find', { path: at('works/poem.txt') });
  await done('proof', { asset: poem });
  const [newest] = (await done('log.list', { limit: 2 })).items;
  await done('log.show', { entry: newest.entry });
  const { size } = (await done('log.head')).result;
  await done('log.consistency', { from: 1, to: size });
  await done('explain.prove', { ...QUESTION, asset: poem, path: at('verdict.car') });
  await done('what-if', { ...QUESTION, other: 'gold' });

  const cut = await done('release.cut', {
    ...{ ...QUESTION, name: 'works', version: '1.0.0', filter: {}, seed: '' },
  });
  const { release } = cut.result;
  await done('release.plan', { ...QUESTION, filter: {}, seed: '' });
  await done('release.list');
  await done('release.show', { release });
  await done('release.members', { release });
  await done('release.holders', { release });
  await done('release.verify', { release });
  await done('report.provenance', { asset: poem, names: false });
  await done('report.ai-act', { releases: [{ name: 'works', version: '1.0.0' }] });
  await done('release.export', { release, folder: at('exported') });
  const { archive } = node;
  const pulled = {
    ...{ release, revision: 0, shards: [], puller: archive.ledger.self.did },
    ...{ purpose: QUESTION.purpose, requester: QUESTION.requester },
  };
  const { id: receipt } = await say('receipt', pulled, archive);
  const model = { model: 'works-1', weights: '0'.repeat(64), generative: true };
  await archive.catalog.catchUp();
  await done('model.register', { ...model, receipts: [receipt] });
  await done('model.trace', { model: model.model });

  const generated = { paths: [at('wide.jpg')], generator: 'a-model' };
  const registered = await done('synthetic.add', generated);
  expect(registered.items.map(({ event }) => event)).toContain('match');
  const made = registered.items.find(({ event }) => event === 'registered').cid;
  await done('synthetic.matches', { asset: wave });
  await done('synthetic.scan');
  expect((await done('alike', { asset: wave })).items).toHaveLength(1);
  const explained = await done('explain', { ...QUESTION, asset: wave });
  expect(explained.result.verdict.matches).toHaveLength(1);
  await done('review.add', {
    ...{ asset: made, rubric: 'image', outcome: 'cannot-tell', hasNoStake: true, evidence: [] },
  });
  await done('review.list', { asset: made });
  await done('review.queue', { limit: 5 });
  await done('review.agreement');

  await done('declare', {
    ...{ subject, sourceType: 'digitalCreation', generative: 'none', tools: ['pen'] },
  });
  await done('derive', { child: wave, parent: poem, relation: 'inspired-by' });
  await done('derive.machine', { child: caption, parent: wave, tool: 'a-model' });
  expect((await done('lineage', { asset: wave })).result.descents).toHaveLength(2);
  const recipe = 'webp-1024';
  await done('rendition.make', { which: { assets: [wave] }, recipe });

  const proof = {
    kind: 'opentimestamps',
    proof: toBase64(ots(COINBASE, '08', BITCOIN)),
    header: toBase64(BITCOIN_HEADER),
  };
  await done('evidence.add', { asset: coinbase, proof });
  await mkdir(at('kit'));
  await writeFile(at('kit/sketch.psd'), '8BPS\0\x01');
  await done('evidence.kit', { asset: coinbase, folder: at('kit') });
  await done('evidence.list', { asset: coinbase });
  const snapshot = toBase64(new TextEncoder().encode('<p>valid</p>'));
  const certificate = { issuer: 'issuer', number: 'A-1', snapshot };
  await done('certificate.add', { ...certificate, subject, outcome: 'confirmed' });
  await done('certificate.revoke', certificate);
  const table = 'cid,item,date,source,digitised,source_type,maker,died';
  const line = `${poem},p-1,1900-01-01,debian:poems,2001-01-01,print,dead,1910`;
  await writeFile(at('items.csv'), `${table}\n${line}\n`);
  const attested = await done('attest.set', { path: at('items.csv') });
  await done('attest.list');
  await done('review.next', { attestation: attested.result.id, limit: 5 });

  const maker = signerOf('ann');
  const claim = {
    ...{ kind: 'consent', role: 'author', under: null, replaces: [], legalBasis: 'consent' },
    purposes: { search_index: 'allow', ai_training: { condition: 'attribution' } },
  };
  await done('maker.vouch', { key: maker.did, maker: 'Ann Example', subject });
  const drafted = { claim, subject, maker: 'Ann Example', key: maker.did };
  const { file } = (await done('claim.template', drafted)).result;
  const signed = JSON.stringify(signClaim(JSON.stringify(file), maker, sha256).claim);
  await done('claim.import', { claim: signed, checked: true });
  const paper = await done('consent.record', { claim, subject, maker: 'Ann Example' });
  await done('consent.withdraw', { consents: [paper.result.id] });
  expect((await done('consent.list')).items).toHaveLength(2);

  const words = { kind: 'dispute', reason: 'authorship', by: 'member', against: [] };
  const stopped = await done('stop', { words, subject });
  expect((await done('stop.list', { kind: 'dispute', all: true })).items).toHaveLength(1);
  await done('resolve', { of: [stopped.result.id], outcome: 'dismissed', subject });
  await done('collection.set', { name: 'main', visibility: 'public', readers: [] });
  const added = await done('collection.add', { name: 'more', which: { assets: [poem, made] } });
  expect(added.result).toMatchObject({ added: 1, failed: 1 });
  expect((await done('collection.list')).result).toHaveLength(2);
  node.projector.news();
  await node.projector.settled();
  const objected = await fetch(`${node.url}/api/v1/objections`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ asset: poem, reason: 'other', text: 'It is mine.' }),
  });
  expect(objected.status).toBe(200);
  const [objection] = (await done('objection.list', { all: true })).items;
  await done('objection.answer', { id: objection.id, outcome: 'upheld', text: 'Yes.' });

  const car = await fetch(`${node.url}/ipfs/${wave}?format=car`);
  await writeFile(at('wave.car'), car.body ?? '');
  const served = await done('car.import', { path: at('wave.car') });
  await done('car.list');
  await done('car.remove', { name: served.result.id });

  const [dan, eve] = [signerOf('dan').did, signerOf('eve').did];
  await done('member.grant', { key: dan, role: 'archivist', replica: 'all', name: 'Dan' });
  await done('key.rotate', { old: dan, key: eve });
  await done('member.list');
  await done('member.revoke', { id: dan });
  await done('invite', {
    ...{ role: 'partner', organisation: null, replica: 'eligible', lifetimeMs: 60_000 },
  });
  await done('invite.list');
  const { policy } = (await done('policy.show', { name: 'gold' })).result;
  const document = { ...policy, version: policy.version + 1, copies: 3 };
  await done('policy.diff', { before: 'gold', after: document });
  const proposed = await done('policy.propose', { document, reason: 'more-copies' });
  await done('policy.list');
  const versions = (await done('policy.versions', { name: 'gold' })).result as Json[];
  expect(versions.map(({ isInForce }) => isInForce)).toEqual([true, false]);
  const { proposal } = proposed.result;
  await done('proposal.list');
  await done('proposal.show', { proposal });
  await done('proposal.vote', { proposal, vote: 'yes' });
  await done('proposal.enact');
  const { result: trust } = await done('trust.list');
  await done('trust.show', { name: trust[0].name });
  const files = [{ name: 'ca.pem', text: writeCertificate(temporary.path, 'House').toString() }];
  await done('trust.import', { files, purpose: 'timestampers', reason: 'known' });

  const address = `/ip4/127.0.0.1/tcp/1/p2p/12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo`;
  await done('peers.add', { address });
  await done('peers');
  await done('peers.remove', { address });
  await done('replicate.now');
  await done('replicate.status', { policy: 'corroborated' });
  await done('replicate.history', { days: 90 });
  await done('sync.export', { path: at('feed'), since: 0, recipient: null });
  await done('fixity', { isEverything: true });
  await done('checkpoint');
  await done('verify');
  await done('doctor');
  await done('reinspect', { assets: [poem] });
  await done('quarantine.scan');
  await done('reindex');
  await done('config');
  await done('backup', { out: at('backup'), passphrase: 'six words', withPacks: true });
  await done('restore.alone');

  const { path: link } = (await done('browser.link')).result;
  const tab = signerOf('tab');
  const key = Buffer.from(publicKeyOf(tab.did)).toString('base64url');
  const signedIn = await fetch(`${node.url}/api/v1/browsers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link: link.split('#')[1], key }),
  });
  expect(signedIn.status).toBe(200);
  const [browser] = (await done('browser.list')).result;
  const review = { asset: made, rubric: 'image', outcome: 'confirmed', hasNoStake: true };
  const unsigned = await done('statement.draft', {
    review: { ...review, evidence: [] },
    note: 'n',
  });
  const bySelf = signClaim(JSON.stringify(unsigned.result.file), tab, sha256).claim;
  await done('statement.import', { claim: JSON.stringify(bySelf) });
  await done('browser.remove', { key: browser.key });
  const types = ['verdict'];
  const webhook = { url: 'http://127.0.0.1:9/', types, allowPrivate: true };
  const { id } = (await done('webhook.add', webhook)).result;
  await done('webhook.list');
  await done('webhook.remove', { id });

  await done('erase.plan', { person: 'Ann Example' });
  await done('erase', { person: 'Ann Example', reason: 'request' });
  await done('erase.list');
  await done('erase.delete', { isEarly: true });

  const works = (await done('list', { filter: {}, limit: 1 })).items;
  const about = { assets: [works[0].cid] };
  await done('release.impact', { asset: works[0].cid });
  const removal = (await done('remove', { subject: about, reason: 'asked' })).result;
  expect((await done('remove.list')).result).toMatchObject([{ id: removal.id, state: 'asked' }]);
  await done('remove.carry-out', { isNewOnly: false });

  await done('member.grant', { key: signerOf('gus').did, role: 'steward', replica: 'none' });
  await done('quorum.propose', { quorum: 2, reason: 'both' });
  expect((await done('proposal.list')).result.proposals.at(-1).change).toMatchObject({ joins: [] });

  const all = [...OPERATIONS.keys()].sort();
  expect([...asked, ...Object.keys(UNASKED)].sort()).toEqual(all);
});
