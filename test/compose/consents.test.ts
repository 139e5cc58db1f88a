import { writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { recordConsent } from '../../src/archive/claims/record-consent.ts';
import { subjectOf } from '../../src/archive/claims/subject.ts';
import { withdrawConsents } from '../../src/archive/claims/withdraw-consents.ts';
import { explain } from '../../src/archive/explain.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';

const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 240_000 });

it('obeys at a third home a consent that was given at one and withdrawn by code at another', async () => {
  await using homes = new PartnerHomes();
  const a = await homes.found('a');
  writeFileSync(homes.path('a.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const catalogue = homes.path('catalog.csv');
  const reserved = 'http://rightsstatements.org/vocab/InC/1.0/';
  writeFileSync(catalogue, `path,title,creator,licence\na.svg,Line,Ada,${reserved}\n`);
  const request = { paths: [homes.path('a.svg')], collection: 'c', all: false, custody: false };
  const offered = { ...request, catalogue: { path: catalogue } };
  const events = ingest({ ...offered, hidden: false, dryRun: false, measured: false }, a.archive);
  for await (const event of events) if (event.event === 'failed') throw new Error(event.text);
  const [asset] = a.archive.catalog.list({}, { limit: 1 }).assets;
  if (asset === undefined) throw new Error('nothing was taken in');

  const answerAt = ({ archive }: PartnerNode) => {
    if (!archive.catalog.has(asset.cid)) return undefined;
    const asked = { purpose: 'data_mining', policy: 'corroborated', requester: 'anyone' } as const;
    const at = timestampOf(archive.clock);
    const { gates } = explain({ asset: asset.cid, ...asked, at }, archive);
    return gates.flatMap(({ rules }) => rules).find(({ rule }) => rule === 'R4')?.code;
  };
  const subject = await subjectOf({ assets: [asset.cid] }, a.archive);
  const terms = { role: 'author', under: null, replaces: [], legalBasis: 'consent' } as const;
  const claim = { kind: 'consent', preset: 'anyone', ...terms, replaces: [] as string[] } as const;
  const { withdrawalCode } = await recordConsent({ claim, subject, maker: 'Ada' }, a.archive);
  const b = await homes.join('b', a);
  const c = await homes.join('c', a);
  for (const node of [a, b, c]) await expect.poll(() => answerAt(node), SOON).toBeNull();
  await withdrawConsents({ code: withdrawalCode ?? '' }, b.archive);
  for (const node of [a, b, c]) await expect.poll(() => answerAt(node), SOON).toBe('E_WITHDRAWN');
});
