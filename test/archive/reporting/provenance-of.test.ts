import { expect, it } from 'vitest';
import { openReleaseHome } from '../../support/release-home.ts';

it('tells deposit, makers by commitment and releases, and names only where they are asked for', async () => {
  await using home = await openReleaseHome({ 'poem.txt': Buffer.from('a poem\n') });
  const asset = home.assets.get('poem.txt') ?? '';
  const told = await home.perform('report.provenance', { asset, names: false });
  const [deposit] = home.node.archive.catalog.asset(asset as never)?.deposits ?? [];
  expect(told).toMatchObject({
    prefix: { prov: 'http://www.w3.org/ns/prov#' },
    entity: {
      [`asset:${asset}`]: {},
      [`asset:${home.release}`]: { 'prov:type': 'prov:Collection', 'prov:label': 'works 1.0.0' },
    },
    activity: { [`statement:${deposit?.id}`]: { 'prov:type': 'rf:deposit' } },
  });
  expect(JSON.stringify(told)).not.toContain('Ann');
  const named = await home.perform('report.provenance', { asset, names: true });
  expect(JSON.stringify(named)).toContain('"prov:label":"Ann"');
  const links = Object.values((told as { wasGeneratedBy: object }).wasGeneratedBy);
  const activity = `statement:${deposit?.id}`;
  expect(links).toEqual([{ 'prov:entity': `asset:${asset}`, 'prov:activity': activity }]);
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
