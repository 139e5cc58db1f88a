import { randomUUID } from 'node:crypto';
import { ArchiveError } from '../core/errors.ts';
import { createToken } from '../http/token.ts';
import type { PullTelling } from '../pull/fetch-files.ts';
import { type PullDone, type PullRequest, pullRelease } from '../pull/pull-release.ts';
import { parseWanted } from '../pull/release-name.ts';
import { openPull } from './open-pull.ts';

/** A pull as somebody types it. */
interface TypedPull extends Omit<PullRequest, 'release' | 'token'> {
  readonly release: string;
  /** The file of the key that signs it. */
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  /** Whether that key signs in at the node, as a member's does. */
  readonly isSignedIn: boolean;
}

/** Pulls a release that somebody has typed. @throws {ArchiveError} `usage_invalid`; as {@link pullRelease}. */
export async function runPull(
  { key, token, isSignedIn, ...typed }: TypedPull,
  telling: PullTelling,
): Promise<PullDone> {
  const release = parseWanted(typed.release);
  const [audience, ...others] = typed.nodes;
  if (isSignedIn && (audience === undefined || others.length > 0)) {
    throw new ArchiveError('usage_invalid', '--sign-in takes one --node, the key of the node');
  }
  await using parts = await openPull(key);
  const { signer, clock } = parts;
  const signIn = () =>
    isSignedIn && audience !== undefined
      ? createToken(signer, { audience, now: clock(), id: randomUUID() })
      : token;
  return await pullRelease({ ...typed, release, token: signIn }, parts, telling);
}
