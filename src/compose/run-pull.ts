import type { PullTelling } from '../pull/fetch-files.ts';
import { type PullDone, type PullRequest, pullRelease } from '../pull/pull-release.ts';
import { parseWanted } from '../pull/release-name.ts';
import { openPull } from './open-pull.ts';

/** Pulls a release that somebody has typed. @throws {ArchiveError} `usage_invalid`; as {@link pullRelease}. */
export async function runPull(
  request: Omit<PullRequest, 'release'> & { readonly release: string },
  telling: PullTelling,
): Promise<PullDone> {
  const release = parseWanted(request.release);
  await using parts = openPull();
  return await pullRelease({ ...request, release }, parts, telling);
}
