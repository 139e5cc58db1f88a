import { randomUUID } from 'node:crypto';
import { isCid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { createToken } from '../../http/callers/token.ts';
import { type CheckRequest, checkFolder, type FolderReport } from '../../pull/check-folder.ts';
import type { PullTelling } from '../../pull/fetch-files.ts';
import { pullCopy } from '../../pull/pull-copy.ts';
import { type PullDone, type PullRequest, pullRelease } from '../../pull/pull-release.ts';
import { readPulled } from '../../pull/pulled.ts';
import { parseWanted, type WantedRelease } from '../../pull/release-name.ts';
import { openEarlier } from '../../pull/update-folder.ts';
import { refuseInHome } from '../refuse-in-home.ts';
import { blocksOfGateway, blocksOfPeer } from './open-block-source.ts';
import { type OpenedPull, openPull } from './open-pull.ts';

/** How somebody signs in, as it is typed. */
interface TypedSignIn {
  /** The file of the key that signs what is pulled. */
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  /** Whether that key signs in at the node, as a member's does. */
  readonly isSignedIn: boolean;
  /** Keys that nodes must have. */
  readonly nodes: readonly Did[];
}

/** A pull as somebody types it. */
interface TypedPull extends Omit<PullRequest, 'release' | 'from' | 'token'>, TypedSignIn {
  /** Both are those of the earlier folder where they are not said. */
  readonly release?: string | undefined;
  readonly from?: readonly string[] | undefined;
}

/** Pulls a release that somebody has typed. @throws {ArchiveError} `usage_invalid`; as {@link pullRelease}. */
export async function runPull(typed: TypedPull, telling: PullTelling): Promise<PullDone> {
  await refuseInHome(typed.folder);
  const earlier =
    typed.earlier === undefined ? undefined : (await openEarlier(typed.earlier)).pulled;
  const release =
    typed.release === undefined
      ? earlier && { release: earlier.release }
      : parseWanted(typed.release);
  const from = typed.from ?? earlier?.nodes.map(({ url }) => url) ?? [];
  const [place = '', ...others] = from;
  if (place.startsWith('/') || isCid(place)) {
    const isAlone = others.length === 0 && typed.earlier === undefined;
    if (isAlone) return await runCopy(place, release, typed, telling);
    const text = `${place} gives a release as it was cut: name it alone, and without --update`;
    throw new ArchiveError('usage_invalid', text);
  }
  if (release === undefined || from.length === 0) {
    throw new ArchiveError(
      'usage_invalid',
      'a release and --from are missing, or --update with a folder',
    );
  }
  const curator = typed.curator ?? earlier?.curator;
  await using parts = await openPull(typed.key);
  const request = { ...typed, release, from, curator, token: tokenFor(typed, parts) };
  return await pullRelease(request, parts, telling);
}

/** Pulls a release as it was cut, from a peer or, where a CID stands for the place, from a gateway. */
async function runCopy(
  place: string,
  wanted: WantedRelease | undefined,
  typed: TypedPull,
  telling: PullTelling,
): Promise<PullDone> {
  const release = isCid(place) ? place : undefined;
  const asked = wanted ?? (release && { release });
  const isSame =
    release === undefined || (asked && 'release' in asked && asked.release === release);
  if (asked === undefined || !('release' in asked) || !isSame) {
    const text = `blocks are asked for by CIDs: give the CID of the release, ringfence pull CID --from ${place}`;
    throw new ArchiveError('usage_invalid', text);
  }
  await using parts = await openPull(typed.key);
  await using source = isCid(place)
    ? await blocksOfGateway(tokenFor(typed, parts), parts)
    : await blocksOfPeer(place, parts, telling.signal);
  return await pullCopy({ ...typed, release: asked.release }, source, parts, telling);
}

/** Checks a folder that somebody has typed. @throws {ArchiveError} `usage_invalid`; as {@link checkFolder}. */
export async function runCheck(
  typed: Omit<CheckRequest, 'token'> & TypedSignIn,
  telling: Pick<PullTelling, 'signal' | 'notice'>,
): Promise<FolderReport> {
  await using parts = await openPull(typed.key);
  return await checkFolder({ ...typed, token: tokenFor(typed, parts) }, parts, telling);
}

/** Returns the first folder beside this one that no pull was finished in: `data-2`, `data-3`. */
export async function nextFolder(folder: string): Promise<string> {
  for (let number = 2; ; number += 1) {
    const next = `${folder}-${number}`;
    if ((await readPulled(next)) === undefined) return next;
  }
}

/** A token lives for ten minutes, and a pull may take longer: each request has one of its own. */
function tokenFor(
  { token, isSignedIn, nodes: [audience, ...others] }: TypedSignIn,
  { signer, clock }: Pick<OpenedPull, 'signer' | 'clock'>,
): () => string | undefined {
  if (!isSignedIn) return () => token;
  if (audience === undefined || others.length > 0) {
    throw new ArchiveError('usage_invalid', '--sign-in takes one --node, the key of the node');
  }
  return () => createToken(signer, { audience, now: clock(), id: randomUUID() });
}
