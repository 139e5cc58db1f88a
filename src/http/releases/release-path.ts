/** What is asked for of a release. */
export interface ReleasePath {
  readonly name: string;
  readonly version: string;
  /** The revision that was named; undefined for the newest. */
  readonly revision: number | undefined;
  readonly file:
    | { readonly kind: 'index' }
    | { readonly kind: 'live' }
    | { readonly kind: 'list'; readonly number: number }
    | { readonly kind: 'file'; readonly name: string };
}

const NAME = '([A-Za-z0-9][A-Za-z0-9._-]{0,63})';
const VERSION = '(\\d[0-9A-Za-z.+-]{0,127})';
const PATH = new RegExp(`^/${NAME}/${VERSION}(?:/w/(0|[1-9]\\d{0,8}))?/([^/]*)$`);
const LIST = new RegExp(`^/${NAME}/${VERSION}/withdrawn/([1-9]\\d{0,8})\\.json$`);

/**
 * Reads a path below `/d`; undefined for what no release can have. Names hold nothing that is read in more
 * than one way, so what is escaped is not unescaped, but for the `+` of a version.
 */
export function parseReleasePath(path: string): ReleasePath | undefined {
  const plain = path.replaceAll(/%2b/gi, '+');
  const [, listed = '', of = '', number] = LIST.exec(plain) ?? [];
  if (number !== undefined) {
    const file = { kind: 'list', number: Number(number) } as const;
    return { name: listed, version: of, revision: undefined, file };
  }
  const [, name, version, revision, file] = PATH.exec(plain) ?? [];
  if (name === undefined || version === undefined || file === undefined) return undefined;
  return {
    ...{ name, version, revision: revision === undefined ? undefined : Number(revision) },
    file:
      file === ''
        ? { kind: 'index' }
        : file === 'live.json'
          ? { kind: 'live' }
          : { kind: 'file', name: file },
  };
}
