import { expect, it } from 'vitest';
import { say } from '../../../src/archive/say.ts';
import type { Cid } from '../../../src/core/cid.ts';
import { memberOf } from '../../support/memory-ledger.ts';
import { openReleaseHome } from '../../support/release-home.ts';

const typed = (name: string) => ({ 'prov:type': { $: name, type: 'prov:QUALIFIED_NAME' } });

it('tells deposit, makers by commitment and releases, and names only where they are asked for', async () => {
  await using home = await openReleaseHome({ 'poem.txt': Buffer.from('a poem\n') });
  const asset = home.assets.get('poem.txt') ?? '';
  const told = await home.perform('report.provenance', { asset, names: false });
  const [deposit] = home.node.archive.catalog.asset(asset as never)?.deposits ?? [];
  expect(told).toMatchObject({
    prefix: { prov: 'http://www.w3.org/ns/prov#' },
    entity: {
      [`asset:${asset}`]: {},
      [`asset:${home.release}`]: {
        ...typed('prov:Collection'),
        'prov:label': 'works 1.0.0',
      },
    },
    activity: { [`statement:${deposit?.id}`]: typed('rf:deposit') },
  });
  expect(JSON.stringify(told)).not.toContain('Ann');
  const named = await home.perform('report.provenance', { asset, names: true });
  expect(JSON.stringify(named)).toContain('"prov:label":"Ann"');
  const links = Object.values((told as { wasGeneratedBy: object }).wasGeneratedBy);
  const activity = `statement:${deposit?.id}`;
  expect(links).toContainEqual({ 'prov:entity': `asset:${asset}`, 'prov:activity': activity });
  const parts = told as Record<string, Record<string, Record<string, string>>>;
  const known = new Set(
    ['entity', 'activity', 'agent'].flatMap((one) => Object.keys(parts[one] ?? {})),
  );
  for (const [relation, found] of Object.entries(parts)) {
    if (!/^(was|used|had)/.test(relation)) continue;
    for (const link of Object.values(found)) {
      for (const end of Object.values(link)) expect(known).toContain(end);
    }
  }
});

it('tells what an asset was made from, what was made from it, and the models it went into', async () => {
  await using home = await openReleaseHome({
    'sketch.txt': Buffer.from('a sketch\n'),
    'poem.txt': Buffer.from('a poem\n'),
    'reading.txt': Buffer.from('a reading\n'),
    'song.txt': Buffer.from('a song\n'),
  });
  const [sketch, poem, reading, song] = ['sketch', 'poem', 'reading', 'song'].map(
    (name) => home.assets.get(`${name}.txt`) ?? '',
  );
  for (const [child, parent] of [
    [poem, sketch],
    [reading, poem],
    [song, reading],
  ]) {
    await home.perform('derive', { child, parent, relation: 'derived-from' });
  }
  const { archive } = home.node;
  const asked = { purpose: 'ai_generative_training', requester: 'anyone' } as const;
  const { shards } = await archive.releases.manifest(home.release as Cid);
  const pulled = {
    ...{ release: home.release as Cid, shards: shards.map(({ cid }) => cid).sort() },
    ...{ revision: 0, puller: memberOf(2).did },
  };
  const { id } = await say('receipt', { ...asked, ...pulled }, archive);
  await archive.catalog.catchUp();
  const weights = 'c'.repeat(64);
  await home.perform('model.register', {
    model: 'poet',
    weights,
    generative: true,
    receipts: [id],
  });
  const told = (await home.perform('report.provenance', { asset: poem, names: false })) as {
    entity: object;
    wasDerivedFrom: Record<string, Record<string, string>>;
    wasGeneratedBy: object;
  };
  const pairs = Object.values(told.wasDerivedFrom).map((link) => [
    link['prov:generatedEntity'],
    link['prov:usedEntity'],
  ]);
  const [release, model] = [`asset:${home.release}`, `rf:model-${weights}`];
  expect(pairs.sort()).toEqual(
    [
      [`asset:${poem}`, `asset:${sketch}`],
      [`asset:${reading}`, `asset:${poem}`],
      [`asset:${song}`, `asset:${reading}`],
      [model, release],
    ].sort(),
  );
  expect(told.entity).toMatchObject({
    [`asset:${song}`]: typed('rf:asset'),
    [model]: { ...typed('rf:model'), 'prov:label': 'poet' },
  });
  const generated = Object.values(told.wasGeneratedBy) as Record<string, string>[];
  expect(generated.map((link) => link['prov:entity']).sort()).toEqual(
    [`asset:${poem}`, release].sort(),
  );
});
