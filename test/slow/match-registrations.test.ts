import { readFileSync } from 'node:fs';
import { afterAll, expect, it, vi } from 'vitest';
import { explain } from '../../src/archive/explain.ts';
import { grantMember } from '../../src/archive/governing/members.ts';
import { matchRegistrations } from '../../src/archive/matching/match-registrations.ts';
import { registerSynthetic } from '../../src/archive/matching/register-synthetic.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import type { Cid } from '../../src/core/cid.ts';
import { factsOf } from '../../src/core/provenance/facts.ts';
import { PartnerHomes, type PartnerNode } from '../support/partner-homes.ts';
import { picture } from '../support/pictures.ts';

const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 240_000 });

const homes = new PartnerHomes();
afterAll(() => homes[Symbol.asyncDispose]());

async function takeIn(file: string, { archive }: PartnerNode): Promise<Cid> {
  const request = { paths: [homes.path(file)], collection: 'c', all: true, custody: false };
  const events = ingest({ ...request, hidden: false, dryRun: false, measured: false }, archive);
  for await (const event of events) if (event.event === 'failed') throw new Error(event.text);
  const { assets } = archive.catalog.list({ text: file }, { limit: 5 });
  return assets.find(({ title }) => title === file.slice(0, file.indexOf('.')))?.cid as Cid;
}

function holdsOn(asset: Cid, { archive }: PartnerNode): readonly string[] {
  const facts = archive.catalog.facts(asset);
  return facts === undefined ? [] : factsOf(facts, 'hold').map(({ author }) => author);
}

function isHeld(asset: Cid, { archive }: PartnerNode): boolean {
  const asked = { purpose: 'data_mining', policy: 'corroborated', requester: 'anyone' } as const;
  const at = timestampOf(archive.clock);
  const { gates } = explain({ asset, ...asked, at }, archive);
  return gates.flatMap(({ rules }) => rules).some(({ code }) => code === 'H_NEAR_DUP');
}

it('holds what a home deposited while a partner registered the like of it, once they meet', async () => {
  const registrar = await homes.found('registrar');
  const depositor = await homes.join('depositor', registrar);
  const { did } = depositor.network;
  await grantMember({ key: did, role: 'archivist', replica: 'all' }, registrar.archive);
  const mayDeposit = () => depositor.archive.ledger.memberOf(did)?.roles.includes('archivist');
  await expect.poll(mayDeposit, SOON).toBe(true);
  await registrar[Symbol.asyncDispose]();

  await picture(2).png().toFile(homes.path('generated.png'));
  await picture(2).resize(120).jpeg({ quality: 60 }).toFile(homes.path('copy.jpg'));
  await picture(5).png().toFile(homes.path('other.png'));
  const copy = await takeIn('copy.jpg', depositor);
  const other = await takeIn('other.png', depositor);
  const apart = await homes.open('registrar');
  const request = { paths: [homes.path('generated.png')], generator: 'comfyui' };
  const events = await Array.fromAsync(registerSynthetic(request, apart.archive));
  expect(events.map(({ event }) => event)).toEqual(['registered', 'done']);
  expect(isHeld(copy, depositor)).toBe(false);

  await apart.network.dial(depositor.network.addresses[0] ?? '');
  for (const node of [depositor, apart]) {
    await expect.poll(() => holdsOn(copy, node), SOON).toEqual([did]);
    expect(isHeld(copy, node)).toBe(true);
    expect(holdsOn(other, node)).toEqual([]);
  }
  const told = depositor.log.filter(({ event }) => event === 'match');
  expect(told).toMatchObject([{ details: { held: 1 } }]);

  // It is noted how far that was, and nothing is held twice where it is compared once more.
  const { next } = JSON.parse(readFileSync(homes.path('depositor', 'compared.json'), 'utf8'));
  expect(next).toBeGreaterThan(0);
  const { signal } = new AbortController();
  const again = await Array.fromAsync(matchRegistrations(0, depositor.archive, signal));
  expect(again.map(({ held }) => held)).toEqual([0]);
  expect(holdsOn(copy, depositor)).toEqual([did]);
});
