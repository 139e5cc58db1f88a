import { isDeepStrictEqual } from 'node:util';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Segment } from '../../core/ports/content-store.ts';
import type { MadeRendition } from '../../core/ports/rendering.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { RECIPES, type Recipe } from '../../core/renditions/recipes.ts';
import { isSameContent } from '../../core/renditions/sameness.ts';
import { appendAll } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { originalOf } from '../original-of.ts';
import { masterOf } from './master-of.ts';
import { isStatedHere, renditionSaying } from './rendition-saying.ts';

/**
 * Makes anew what others say is a rendition, and says the same if it comes out with the same bytes, or
 * with content codes that no other work has. Two organisations that say so hand on the master's level.
 *
 * @throws {ArchiveError} `rendition_refused` if it comes out otherwise, or by no recipe of this version;
 * and as `makeRendition`.
 */
export async function confirmRendition(
  asset: Cid,
  archive: Archive,
  signal?: AbortSignal,
): Promise<'confirmed' | 'known'> {
  const facts = archive.catalog.facts(asset);
  const stated = facts === undefined ? [] : factsOf(facts, 'rendition');
  if (stated.length === 0) {
    throw new ArchiveError('rendition_refused', `nobody says that ${asset} is a rendition`);
  }
  let outcome: 'confirmed' | 'known' = 'known';
  for (const { body } of stated) {
    const recipe = RECIPES.find(
      ({ name, tool, parameters }) =>
        name === body.recipe &&
        tool === body.tool &&
        isDeepStrictEqual(parameters, body.parameters),
    );
    if (recipe === undefined) {
      throw new ArchiveError(
        'rendition_refused',
        `${asset} is said to be made by ${body.recipe}, with parameters that this version does not know`,
      );
    }
    if (isStatedHere(asset, body.parent, recipe, archive)) continue;
    const version = await madeAnew(asset, body.parent, recipe, archive, signal);
    const made = { master: body.parent, recipe, version };
    await appendAll(archive.ledger, [[renditionSaying(asset, made, timestampOf(archive.clock))]]);
    await archive.catalog.catchUp();
    outcome = 'confirmed';
  }
  return outcome;
}

/** Returns the version of the tool by which the file came out the same. */
async function madeAnew(
  asset: Cid,
  master: Cid,
  recipe: Recipe,
  archive: Archive,
  signal: AbortSignal | undefined,
): Promise<string> {
  masterOf(master, archive);
  const original = await originalOf(master, archive, signal);
  await using made = await archive.renditions.make(original, recipe, signal);
  if (await isSame(asset, made, recipe, archive, signal)) return made.version;
  throw new ArchiveError(
    'rendition_refused',
    `${asset} does not come out of ${master} by ${recipe.name} here (${recipe.tool} ${made.version})`,
  );
}

/** Looks at the bytes on either side: what the depositor says of them is what is in question. */
async function isSame(
  asset: Cid,
  { path, size, sha256 }: MadeRendition,
  { extension }: Recipe,
  { content, inspectors }: Pick<Archive, 'content' | 'inspectors'>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const filename = `made.${extension}`;
  const lookAt = async (segments: readonly Segment[], names: readonly string[]) => {
    const length = segments.reduce((sum, segment) => sum + segment.length, 0);
    const request = { cid: asset, size: length, segments, filename };
    const options = { inspectors: names, ...(signal === undefined ? {} : { signal }) };
    const [findings = []] = await inspectors.inspect([request], options);
    return findings.map(({ facts }) => facts);
  };
  const [digests, stated] = await lookAt(await content.locate(asset), ['digests', 'fingerprints']);
  if (digests?.['sha256'] === sha256) return true;
  const segments = [{ path, offset: 0, length: size }];
  const [codes] = await lookAt(segments, ['fingerprints']);
  return stated !== undefined && codes !== undefined && isSameContent(codes, stated);
}
