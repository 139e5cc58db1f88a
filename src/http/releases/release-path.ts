import { type Cid, isCid } from '../../core/cid.ts';

/** What is asked for of a release. */
export interface ReleasePath {
  readonly of: { readonly name: string; readonly version: string } | { readonly release: Cid };
  /** The revision that was named; undefined for the newest. */
  readonly revision: number | undefined;
  readonly file:
    | { readonly kind: 'index' | 'live' | 'newest' }
    | { readonly kind: 'list'; readonly number: number }
    /** What shows that a file is right: {@link DIRECTORY} for the release itself. */
    | { readonly kind: 'proof' | 'file'; readonly name: string };
}

/** Stands for the directory of a release among the proofs of its files; no file is called so. */
export const DIRECTORY = 'release';

const PATH =
  /^\/(?:d|audit)\/(?:([A-Za-z0-9][A-Za-z0-9._-]{0,63})\/(\d[0-9A-Za-z.+-]{0,127})|(b[a-z2-7]{58}))(?:\/w\/(0|[1-9]\d{0,8}))?\/(.*)$/;
const LIST = /^withdrawn\/([1-9]\d{0,8})\.json$/;
const PROOF = /^proof\/([^/]+)\.car$/;

/**
 * Reads a path under `/d` or `/audit`, where a release is named by name and version or by its CID; undefined for what
 * no release can have. Names hold nothing that is read in more than one way, so what is escaped is not
 * unescaped, but for the `+` of a version.
 */
export function parseReleasePath(path: string): ReleasePath | undefined {
  const [, name, version, root, revision, rest = ''] =
    PATH.exec(path.replaceAll(/%2b/gi, '+')) ?? [];
  const file = fileOf(rest);
  if (file === undefined) return undefined;
  const asked = revision === undefined ? undefined : Number(revision);
  if (isCid(root)) return { of: { release: root }, revision: asked, file };
  if (name === undefined || version === undefined) return undefined;
  return { of: { name, version }, revision: asked, file };
}

function fileOf(rest: string): ReleasePath['file'] | undefined {
  const [, list] = LIST.exec(rest) ?? [];
  if (list !== undefined) return { kind: 'list', number: Number(list) };
  const [, proven] = PROOF.exec(rest) ?? [];
  if (proven !== undefined) return { kind: 'proof', name: proven };
  if (rest === '') return { kind: 'index' };
  if (rest === 'live.json') return { kind: 'live' };
  if (rest === 'newest.json') return { kind: 'newest' };
  return rest.includes('/') ? undefined : { kind: 'file', name: rest };
}
