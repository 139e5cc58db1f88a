import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, it, vi } from 'vitest';
import { explain } from '../../src/archive/explain.ts';
import { grantMember } from '../../src/archive/governing/members.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { confirmRendition } from '../../src/archive/renditions/confirm-rendition.ts';
import { makeRendition } from '../../src/archive/renditions/make-rendition.ts';
import { renditionSaying } from '../../src/archive/renditions/rendition-saying.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import type { Cid } from '../../src/core/cid.ts';
import { recipeNamed } from '../../src/core/renditions/recipes.ts';
import { hasProgram } from '../support/has-program.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';

const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 240_000 });

const hasLimits =
  hasProgram('setpriv', '--version', /util-linux/) &&
  hasProgram('prlimit', '--version', /util-linux/);

/** The codes of the rules that fail under `generative-training`, those on witnesses and copies aside. */
function missed(asset: Cid, { archive }: PartnerNode): readonly string[] {
  const at = timestampOf(archive.clock);
  const purpose = 'ai_generative_training';
  const asked = { asset, purpose, policy: 'generative-training', requester: 'anyone', at } as const;
  const rules = explain(asked, archive).gates.flatMap((gate) => gate.rules);
  return rules.flatMap(({ rule, code }) => (rule === 'R4' || rule === 'R7' ? (code ?? []) : []));
}

async function picture(homes: PartnerHomes, name: string, background: string): Promise<string> {
  const path = homes.path(name);
  const plain = { width: 3000, height: 30, channels: 3, background } as const;
  writeFileSync(path, await sharp({ create: plain }).png().toBuffer());
  return path;
}

it.skipIf(!hasLimits)(
  'a second organisation makes a rendition anew, and hands on what is shown; of a false one it says nothing (skipped without setpriv and prlimit)',
  async () => {
    await using homes = new PartnerHomes();
    const a = await homes.found('a');
    const paths = [await picture(homes, 'a.png', '#345'), await picture(homes, 'b.png', '#543')];
    const catalogue = homes.path('catalog.csv');
    const rows = ['a.png', 'b.png'].map((name) => `${name},${name},Ann,CC0-1.0,digitalCreation`);
    writeFileSync(
      catalogue,
      ['path,title,creator,licence,digital_source_type', ...rows, ''].join('\n'),
    );
    const request = { paths, collection: 'c', all: false, custody: true, hidden: false };
    const given = { ...request, catalogue: { path: catalogue }, dryRun: false, measured: false };
    for await (const event of ingest(given, a.archive)) expect(event.event).not.toBe('failed');
    const named = (title: string) =>
      a.archive.catalog.list({}, { limit: 9 }).assets.find((one) => one.title === title)?.cid;
    const [master, other] = [named('a.png'), named('b.png')] as [Cid, Cid];
    const recipe = recipeNamed('webp-1024');
    const { cid } = await makeRendition(master, recipe, a.archive);

    const b = await homes.join('b', a);
    await grantMember({ key: b.network.did, role: 'archivist', replica: 'all' }, a.archive);
    const isArchivist = () => b.archive.ledger.memberOf(b.network.did)?.roles.includes('archivist');
    await expect.poll(isArchivist, SOON).toBe(true);
    await expect.poll(() => b.archive.content.has(cid), SOON).toBe(true);
    await expect.poll(() => b.archive.content.has(master), SOON).toBe(true);
    expect(missed(cid, b)).toEqual(['E_ORIGIN_UNKNOWN']);
    expect(await confirmRendition(cid, b.archive)).toBe('confirmed');
    expect(await confirmRendition(cid, b.archive)).toBe('known');
    expect(missed(cid, b)).toEqual([]);
    await expect.poll(() => missed(cid, a), SOON).toEqual([]);

    const version = '0.0.1';
    const lie = renditionSaying(other, { master, recipe, version }, timestampOf(a.archive.clock));
    await a.archive.ledger.append({ statements: [lie.statement], records: [], documents: [] });
    await a.archive.catalog.catchUp();
    const isTold = () => b.archive.catalog.facts(other)?.known.rendition !== undefined;
    await expect.poll(isTold, SOON).toBe(true);
    await expect.poll(() => b.archive.content.has(other), SOON).toBe(true);
    await expect(confirmRendition(other, b.archive)).rejects.toMatchObject({
      code: 'rendition_refused',
    });
  },
);
