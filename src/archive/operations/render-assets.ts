import { z } from 'zod';
import { toBase64 } from '../../core/base64.ts';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import { RECIPES, recipeNamed } from '../../core/renditions/recipes.ts';
import type { Archive } from '../archive.ts';
import { subjectOf } from '../claims/subject.ts';
import { knownAsset } from '../known-assets.ts';
import { preview } from '../preview.ts';
import { confirmRendition } from '../renditions/confirm-rendition.ts';
import { makeRendition } from '../renditions/make-rendition.ts';
import { cid, count, errorCode } from './answers/names.ts';
import { filter } from './filter.ts';
import { subject } from './make-claims.ts';
import { cidText } from './named.ts';
import { createOperation, type Described, type Telling } from './operation.ts';

/** Gives what an asset is at a glance, its bytes in Base64. */
export const previewAsset = createOperation({
  name: 'preview',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: cidText }),
  result: z.strictObject({ cid, mediaType: z.string(), bytes: z.string().describe('In Base64') }),
  async run(archive, { asset }, { signal }) {
    const known = knownAsset(asset, archive.catalog);
    const { mediaType, bytes } = await preview(known, archive, signal);
    return { cid: known, mediaType, bytes: toBase64(bytes) };
  },
});

/** What became of one asset; `cid` is that of the rendition. */
const renditionEvent = z
  .union([
    z.strictObject({ event: z.enum(['made', 'known']), cid, master: cid }),
    z.strictObject({ event: z.enum(['confirmed', 'known']), cid }),
    z.strictObject({ event: z.literal('failed'), subject: cid, code: errorCode, text: z.string() }),
  ])
  .meta({ id: 'RenditionEvent', description: '`cid` is that of the rendition' });

export type RenditionEvent = Described<typeof renditionEvent>;

const outcomes = z.strictObject({ done: count, failed: count });

const which = z.union([subject, z.strictObject({ filter })]);

/** Makes renditions of works by a recipe. What fails for one work does not end the run. */
export const makeRenditions = createOperation({
  name: 'rendition.make',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({
    which,
    recipe: z.string().meta({ enum: RECIPES.map(({ name }) => name) }),
  }),
  result: outcomes,
  item: renditionEvent,
  async run(archive, { which: meant, recipe: name }, telling) {
    const recipe = recipeNamed(name);
    return eachOf(mastersOf(meant, archive), telling, async (master) => {
      const made = await makeRendition(master, recipe, archive, telling.signal);
      return { event: made.outcome, cid: made.cid, master };
    });
  },
});

/** Makes anew what others say are renditions, and says the same of what comes out alike. */
export const confirmRenditions = createOperation({
  name: 'rendition.confirm',
  opens: 'archive',
  changes: true,
  lane: 'intake',
  input: z.strictObject({ which: subject }),
  result: outcomes,
  item: renditionEvent,
  async run(archive, { which: meant }, telling) {
    const { members } = await subjectOf(meant, archive);
    return eachOf(members, telling, async (asset) => ({
      event: await confirmRendition(asset, archive, telling.signal),
      cid: asset,
    }));
  },
});

/** Codes that end the run: they say nothing of one asset. */
const OF_THE_RUN: ReadonlySet<ErrorCode> = new Set([
  'aborted',
  'disk_full',
  'home_corrupt',
  'internal',
  'member_missing',
  'statement_rejected',
  'tool_missing',
]);

async function eachOf(
  assets: Iterable<Cid> | AsyncIterable<Cid>,
  { signal, item }: Telling<RenditionEvent>,
  work: (asset: Cid) => Promise<RenditionEvent>,
): Promise<{ readonly done: number; readonly failed: number }> {
  let done = 0;
  let failed = 0;
  for await (const asset of assets) {
    signal.throwIfAborted();
    try {
      await item(await work(asset));
      done += 1;
    } catch (error) {
      if (!(error instanceof ArchiveError) || OF_THE_RUN.has(error.code)) throw error;
      failed += 1;
      await item({ event: 'failed', subject: asset, code: error.code, text: error.message });
    }
  }
  return { done, failed };
}

const PAGE = 200;

/** Yields what is meant; by a filter what is a work of its own. */
async function* mastersOf(
  meant: z.output<typeof which>,
  archive: Pick<Archive, 'ledger' | 'catalog' | 'sha256'>,
): AsyncGenerator<Cid> {
  if (!('filter' in meant)) {
    yield* (await subjectOf(meant, archive)).members;
    return;
  }
  const { catalog } = archive;
  let cursor: string | undefined;
  do {
    const page = catalog.list(
      { ...meant.filter, status: 'deposited' },
      { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
    );
    const isMaster = ({ cid }: { readonly cid: Cid }) =>
      catalog.abstraction(cid)?.input.masters.length === 0;
    for (const { cid } of page.assets.filter(isMaster)) yield cid;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
