import type { QueryMeta } from '@tanstack/react-query';

/** What somebody has said, or what was taken back. */
interface Said {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly asset?: string;
  readonly set?: string;
}

/** What each event of `/api/v1/events` says, as far as pages look at it; `behind` is none of the node's. */
interface Events {
  readonly statements: { readonly arrival: number; readonly statements: readonly Said[] };
  readonly withdrawal: { readonly arrival: number } & Said;
  readonly verdict: { readonly arrival: number; readonly asset: string };
  readonly revision: { readonly release: string; readonly revision: number };
  readonly recheck: { readonly arrival: number; readonly why: string };
  readonly peer: { readonly peer: string; readonly connected: boolean };
  readonly progress: {
    readonly operation: number;
    readonly name: string;
    readonly what: string;
    readonly files?: number;
    readonly expectedFiles?: number;
    readonly bytes?: number;
    readonly expectedBytes?: number;
    readonly ended: boolean;
  };
  /** Something may have happened that nobody tells any more. */
  readonly behind: object;
}

/** An event, by its name. */
export type Told = {
  [Name in keyof Events]: { readonly name: Name; readonly data: Events[Name] };
}[keyof Events];

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Events after which what was answered may be old. */
      readonly toldBy?: readonly Told['name'][];
      /** The asset that it is about, where it is about one: events of others leave it as it is. */
      readonly about?: string;
    };
  }
}

/** Says whether what was answered may be old after an event. */
export function isOldAfter(told: Told, { toldBy = [], about }: QueryMeta): boolean {
  if (told.name === 'behind') return true;
  // Verdicts may be others, and nobody says which.
  const names = told.name === 'recheck' ? (['recheck', 'verdict'] as const) : [told.name];
  if (!names.some((name) => toldBy.includes(name))) return false;
  return about === undefined || assetsOf(told)?.includes(about) !== false;
}

/** Returns the assets that an event is about; undefined where it may be any, as in a set. */
function assetsOf(told: Told): readonly string[] | undefined {
  if (told.name === 'verdict') return [told.data.asset];
  if (told.name !== 'statements' && told.name !== 'withdrawal') return undefined;
  const said = told.name === 'withdrawal' ? [told.data] : told.data.statements;
  // An erasure names records, and no work whose words they are.
  if (said.some(({ set, kind }) => set !== undefined || kind === 'erasure')) return undefined;
  return said.flatMap(({ asset }) => asset ?? []);
}
