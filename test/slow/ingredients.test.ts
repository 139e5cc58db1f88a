import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { derive } from '../../src/archive/derive.ts';
import { explain } from '../../src/archive/explain.ts';
import { reinspect } from '../../src/archive/inspecting/reinspect.ts';
import { registerSynthetic } from '../../src/archive/matching/register-synthetic.ts';
import { timestampOf } from '../../src/archive/now.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { Finding, Inspectors } from '../../src/core/ports/inspector.ts';
import { factsOf } from '../../src/core/provenance/facts.ts';
import { EVIDENCE_FILES, hasEvidenceFiles } from '../evidence/support/public-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** A signed picture, and one that was made from it and says so in its own credential. */
const PARENT = 'CA';
const CHILD = 'CACA';

async function opened(name: string): Promise<OpenedArchive> {
  const home = join(folder.path, name);
  await foundArchive(home, { name: 'P', institution: 'P' });
  return openArchive(home);
}

function filesOf(...names: readonly string[]): string {
  const path = join(folder.path, names.join('-and-'));
  mkdirSync(path, { recursive: true });
  for (const name of names) {
    const from = join(EVIDENCE_FILES, `c2pa-valid-jpeg/adobe-20220124-${name}.jpg`);
    copyFileSync(from, join(path, `${name}.jpg`));
  }
  return path;
}

async function takeIn(archive: OpenedArchive, ...names: readonly string[]): Promise<void> {
  const request = {
    ...{ paths: [filesOf(...names)], collection: 'c', all: false, custody: true },
    ...{ hidden: false, dryRun: false, measured: false },
  };
  const events = await Array.fromAsync(ingest(request, archive));
  expect(events.at(-1)).toMatchObject({ event: 'done', files: names.length, failed: 0 });
}

/** The real inspectors, as they were when they read less in credentials. */
function earlier(
  { inspectors }: OpenedArchive,
  read: (facts: Finding['facts']) => Finding['facts'],
) {
  const inspect: Inspectors['inspect'] = async (requests, options) => {
    const answers = await inspectors.inspect(requests, options);
    return answers.map((findings) =>
      findings.map((one) =>
        one.inspector === 'credentials' ? { ...one, version: 1, facts: read(one.facts) } : one,
      ),
    );
  };
  return { versions: inspectors.versions, inspect };
}

const withoutManifests = ({ manifest: _m, ingredients: _i, ...facts }: Finding['facts']) => facts;
/** As if what the work was made from were an ingredient of a part of it that nobody has. */
const deeper = ({ ingredients, ...facts }: Finding['facts']): Finding['facts'] => {
  const { own = [] } = ingredients as { own?: Finding['facts'][] };
  const part = { relationship: 'componentOf', manifest: 'f'.repeat(64), ingredients: own };
  return { ...facts, ingredients: { own: [part] } };
};
const withoutOwn = ({ manifest: _m, ...facts }: Finding['facts']) => facts;

function called({ catalog }: OpenedArchive, name: string): Cid {
  const found = catalog.list({ text: name }, { limit: 10 }).assets;
  return found.find(({ title }) => title === name)?.cid as Cid;
}

function derivationsOf(asset: Cid, { catalog }: OpenedArchive) {
  const facts = catalog.facts(asset);
  return facts === undefined ? [] : factsOf(facts, 'derivation').map(({ body }) => body);
}

function answer(asset: Cid, archive: OpenedArchive) {
  const asked = { purpose: 'data_mining', policy: 'corroborated', requester: 'anyone' } as const;
  const { gates } = explain({ asset, ...asked, at: timestampOf(archive.clock) }, archive);
  return gates.flatMap(({ rules }) => rules).find(({ rule }) => rule === 'R9');
}

const DERIVED = { relation: 'derived-from', action: 'c2pa.ingredient' };

describe.skipIf(!hasEvidenceFiles)(
  'a work whose credential names an asset here as its ingredient (skipped without RINGFENCE_EVIDENCE)',
  () => {
    it.each([
      ['together with it', [[PARENT, CHILD]]],
      ['after it', [[PARENT], [CHILD]]],
      ['before it', [[CHILD], [PARENT]]],
    ])('stems from it, said once, when it comes %s', async (when, groups) => {
      await using archive = await opened(when);
      for (const group of groups) await takeIn(archive, ...group);
      await takeIn(archive, PARENT, CHILD);
      const [parent, child] = [called(archive, PARENT), called(archive, CHILD)];
      expect(derivationsOf(child, archive)).toEqual([{ parent, ...DERIVED }]);
      expect(derivationsOf(parent, archive)).toEqual([]);
    });

    it.each([
      ['the one it was made from first', [[PARENT, CHILD]], withoutManifests],
      ['itself first', [[CHILD, PARENT]], withoutManifests],
      ['the one it was made from a group before', [[PARENT], [CHILD]], withoutManifests],
      ['itself a group before', [[CHILD], [PARENT]], withoutManifests],
      ['and its ingredients were known', [[PARENT, CHILD]], withoutOwn],
    ])(
      'stems from it, said once, when both are inspected again, %s',
      async (when, groups, read) => {
        await using archive = await opened(when);
        await takeIn({ ...archive, inspectors: earlier(archive, read) }, PARENT, CHILD);
        const [parent, child] = [called(archive, PARENT), called(archive, CHILD)];
        expect(derivationsOf(child, archive)).toEqual([]);
        for (const group of groups) {
          const assets = group.map((name) => called(archive, name));
          expect(await reinspect({ assets }, archive)).toMatchObject({ changed: group.length });
        }
        expect(derivationsOf(child, archive)).toEqual([{ parent, ...DERIVED }]);
        expect(derivationsOf(parent, archive)).toEqual([]);
      },
    );

    it('stems from what an ingredient that is not here was made from', async () => {
      await using archive = await opened('deeper');
      await takeIn({ ...archive, inspectors: earlier(archive, deeper) }, PARENT, CHILD);
      const [parent, child] = [called(archive, PARENT), called(archive, CHILD)];
      expect(derivationsOf(child, archive)).toEqual([
        { parent, ...DERIVED, relation: 'composed-of' },
      ]);
    });

    it('stems from it where both are registered as generated together', async () => {
      await using archive = await opened('registered');
      const add = { paths: [filesOf(PARENT, CHILD)], generator: 'unknown' };
      const events = await Array.fromAsync(registerSynthetic(add, archive));
      const cidOf = (name: string) => {
        const found = events.find(
          (one) => 'subject' in one && one.subject.endsWith(`/${name}.jpg`),
        );
        if (found?.event !== 'registered') throw new Error(`${name} was not registered`);
        return found.cid as Cid;
      };
      const parent = cidOf(PARENT);
      expect(derivationsOf(cidOf(CHILD), archive)).toEqual([{ parent, ...DERIVED }]);
    });

    it('is not used once what it stems from is registered as generated, round in circles or not', async () => {
      await using archive = await opened('tainted');
      await takeIn(archive, CHILD);
      const child = called(archive, CHILD);
      expect(answer(child, archive)).toMatchObject({ pass: true });
      const add = { paths: [filesOf(PARENT)], generator: 'unknown' };
      const [registered] = await Array.fromAsync(registerSynthetic(add, archive));
      if (registered?.event !== 'registered') throw new Error('nothing was registered');
      const parent = registered.cid as Cid;
      expect(derivationsOf(child, archive)).toEqual([{ parent, ...DERIVED }]);
      const path = [child, parent];
      expect(answer(child, archive)).toMatchObject({ code: 'E_TAINT' });
      expect(answer(child, archive)?.text).toMatch(new RegExp(path.join('.*')));
      // Somebody says the opposite as well, and a ring of three.
      await takeIn(archive, 'C');
      const third = called(archive, 'C');
      for (const [from, to] of [
        [child, parent],
        [third, child],
        [child, third],
      ] as const) {
        await derive({ child: to, parent: from, relation: 'derived-from' }, archive);
      }
      for (const asset of [child, third]) {
        expect(answer(asset, archive)).toMatchObject({ code: 'E_TAINT' });
      }
    });
  },
);
