import { z } from 'zod';
import { type Cid, isCid, parseCid } from '../../core/cid.ts';
import { RELEASE_NAME, RELEASE_VERSION } from '../../core/dataset/manifest.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { MakerCount, ReleaseProgress } from '../../core/ports/release.ts';
import type { Archive } from '../archive.ts';
import { cutRelease } from '../releasing/cut-release.ts';
import { exportRelease } from '../releasing/export-release.ts';
import { planRelease } from '../releasing/plan-release.ts';
import { verifyRelease } from '../releasing/verify-release.ts';
import { impactOf } from '../tracing/impact-of.ts';
import { releaseMembersPage } from '../tracing/members-page.ts';
import { count } from './answers/names.ts';
import {
  cutRelease as cutResult,
  exportedRelease,
  impact,
  impactCounts,
  releaseHolder,
  releaseHole,
  releaseManifest,
  releaseMember,
  releaseMembers,
  releasePlan,
  releaseReport,
  releaseView,
} from './answers/releases.ts';
import { cidText } from './named.ts';
import { createOperation, type Telling } from './operation.ts';
import { dated, question } from './question.ts';
import { selection } from './selection.ts';

const release = z.strictObject({ release: cidText });

/** Cuts a dataset of what is eligible. */
export const cutDataset = createOperation({
  name: 'release.cut',
  opens: 'archive',
  changes: true,
  // Two at once would both find a name and version free.
  lane: 'cut',
  input: question.extend({
    name: z.string().meta({ pattern: RELEASE_NAME.source }),
    version: z.string().meta({ pattern: RELEASE_VERSION.source }),
    ...selection,
    url: z.string().meta({ pattern: '^(https?://.+/)?$', maxLength: 1024 }).exactOptional(),
  }),
  result: cutResult,
  async run(archive, input, telling) {
    const request = { ...dated(input, archive.clock), url: input.url ?? '' };
    const done = await cutRelease(request, archive, watched(telling));
    const { release, contentRoot, state, assets, bytes, shards, extraBytes, tableBytes } = done;
    const told = shards.map(({ name, cid, size, sha256, samples }) => ({
      name,
      cid,
      size,
      sha256,
      samples,
    }));
    return { release, contentRoot, state, assets, bytes, shards: told, extraBytes, tableBytes };
  },
});

/** Makers who are told by name; the histogram has all. */
const MOST_MAKERS = 20;

/** Says what a release would hold and what it would leave out, and changes nothing. */
export const planDataset = createOperation({
  name: 'release.plan',
  opens: 'archive',
  changes: false,
  input: question.extend(selection),
  result: releasePlan,
  async run(archive, input, telling) {
    const request = dated(input, archive.clock);
    const { makers, counts, ...plan } = await planRelease(request, archive, watched(telling));
    return {
      ...plan,
      counts,
      largestShare: counts.largestMaker / counts.assets,
      makers: makers.slice(0, MOST_MAKERS).map(({ name, assets }) => ({ name, assets })),
      histogram: histogramOf(makers),
    };
  },
});

/** Makers by the number of their assets: 1, 2 to 9, 10 to 99 and so on. */
function histogramOf(makers: readonly MakerCount[]) {
  const classes = Map.groupBy(makers, ({ assets }) =>
    assets === 1 ? 0 : Math.floor(Math.log10(assets)) + 1,
  );
  return [...classes]
    .sort(([a], [b]) => a - b)
    .map(([power, held]) => ({
      least: power === 0 ? 1 : Math.max(2, 10 ** (power - 1)),
      most: power === 0 ? 1 : 10 ** power - 1,
      makers: held.length,
    }));
}

/** Gives the releases that the ledger records. */
export const listReleases = createOperation({
  name: 'release.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(releaseView),
  run: async ({ catalog }) => catalog.releases(),
});

/** Gives what a release says of itself. */
export const showRelease = createOperation({
  name: 'release.show',
  opens: 'archive',
  changes: false,
  input: release,
  result: releaseManifest,
  run: async (archive, input) => archive.releases.manifest(await releaseOf(input.release, archive)),
});

const PAGE = 100;

/** Tells what went into a release, a page at a time, and what of it is served no more since when and why. */
export const listReleaseMembers = createOperation({
  name: 'release.members',
  opens: 'archive',
  changes: false,
  input: release.extend({
    /** The first row of the page, as the answer before said; 0 without it. */
    from: z.int().min(0).exactOptional(),
    limit: z.int().min(1).max(200).exactOptional(),
    /** Words that titles, makers or CIDs have. */
    text: z.string().max(256).exactOptional(),
    /** Only what is served no more. */
    left: z.boolean().exactOptional(),
  }),
  result: releaseMembers,
  item: releaseMember,
  async run(archive, { release: named, from = 0, limit = PAGE, text = '', left = false }, telling) {
    const asked = { release: await releaseOf(named, archive), from, limit, text, left };
    const { members, ...page } = await releaseMembersPage(asked, archive, telling.signal);
    for (const member of members) await telling.item(member);
    return page;
  },
});

/** Recomputes everything a release claims, and tells what is gone since it was removed. */
export const verifyDataset = createOperation({
  name: 'release.verify',
  opens: 'archive',
  changes: false,
  input: release,
  result: releaseReport,
  item: releaseHole,
  run: async (archive, input, telling) =>
    verifyRelease(
      await releaseOf(input.release, archive),
      (hole) => telling.item(hole),
      archive,
      watched(telling),
    ),
});

/** Writes a release as ordinary files into a folder, named by its absolute path. */
export const exportDataset = createOperation({
  name: 'release.export',
  opens: 'archive',
  changes: true,
  input: release.extend({ folder: z.string().min(1) }),
  result: exportedRelease,
  run: async (archive, input, telling) =>
    exportRelease(await releaseOf(input.release, archive), input.folder, archive, watched(telling)),
});

/** Tells who has pulled a release, by the receipts that the ledger holds, in order of arrival. */
export const listHolders = createOperation({
  name: 'release.holders',
  opens: 'archive',
  changes: false,
  input: release,
  result: z.strictObject({ receipts: count, pullers: count }),
  item: releaseHolder,
  async run(archive, input, { signal, item }) {
    const pulled = await releaseOf(input.release, archive);
    const pullers = new Set<string>();
    let receipts = 0;
    for (const { id, author, statement } of archive.catalog.receiptsOf(pulled)) {
      signal.throwIfAborted();
      if (statement.kind !== 'receipt') continue;
      const { puller, revision, purpose, requester } = statement.body;
      receipts += 1;
      pullers.add(puller);
      await item({ id, puller, revision, purpose, requester, node: author, at: statement.at });
    }
    return { receipts, pullers: pullers.size };
  },
});

/** Tells where an asset went: releases, receipts and models, and what their holders have to do. */
export const showImpact = createOperation({
  name: 'release.impact',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: impactCounts,
  item: impact,
  async run(archive, { asset }, telling) {
    const pullers = new Set<string>();
    const counts = { releases: 0, receipts: 0, models: 0, outstanding: 0 };
    for await (const one of impactOf(asset, archive)) {
      telling.signal.throwIfAborted();
      counts[`${one.kind}s`] += 1;
      if (one.kind === 'receipt') {
        pullers.add(one.puller);
        counts.outstanding += one.obligation === 'none' ? 0 : 1;
      }
      await telling.item(one);
    }
    return { asset: parseCid(asset), ...counts, pullers: pullers.size };
  },
});

function watched({ signal, progress }: Pick<Telling<never>, 'signal' | 'progress'>) {
  return {
    signal,
    onProgress: ({ step, unit, done, total }: ReleaseProgress) =>
      progress(
        step,
        unit === 'bytes'
          ? { bytes: done, expectedBytes: total }
          : { files: done, expectedFiles: total },
      ),
  };
}

/** Bytes that are lost are told by whoever reads them; what never was here is told before. */
async function releaseOf(
  text: string,
  { catalog, content }: Pick<Archive, 'catalog' | 'content'>,
): Promise<Cid> {
  if (!isCid(text)) {
    throw new ArchiveError(
      'input_invalid',
      `${JSON.stringify(text)} is not the CID of a release; "release list" shows them`,
    );
  }
  const isRecorded = catalog.releases().some((known) => known.release === text);
  if (isRecorded || (await content.has(text))) return text;
  throw new ArchiveError(
    'not_found',
    `${text} is not in this archive; "release list" shows the releases`,
  );
}
