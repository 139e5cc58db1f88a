import { type Cid, digestOf } from '../../core/cid.ts';
import type { Inspectors } from '../../core/ports/inspector.ts';
import type { Arrival } from '../../core/ports/ledger.ts';

/** What one inspector would see anew. */
interface Outdated {
  readonly inspector: string;
  readonly version: number;
  /** Assets that an older version has looked at, and none since. Undefined: it has looked at none of those here. */
  readonly assets: number | undefined;
}

type Said = Pick<Arrival, 'standing'>;

/**
 * Counts the assets that `reinspect` would look at since an inspector's version has moved. Keeps some 50
 * bytes for each of them.
 *
 * Entries come in any order, so all of them are read with {@link add}, and, where that leaves something,
 * once more with {@link settle}.
 */
export class OlderFindings {
  readonly #versions: Inspectors['versions'];
  readonly #older: ReadonlyMap<string, Set<number>>;
  readonly #used = new Set<string>();
  #hasDeposits = false;

  constructor(versions: Inspectors['versions']) {
    this.#versions = versions;
    this.#older = new Map(versions.map(({ name }) => [name, new Set()]));
  }

  add(said: Said): void {
    for (const { statement } of said.standing) {
      if (statement.kind === 'deposit') this.#hasDeposits = true;
    }
    for (const { asset, inspector, isOlder } of this.#seenIn(said)) {
      this.#used.add(inspector);
      if (isOlder) this.#older.get(inspector)?.add(asset);
    }
  }

  get hasOlder(): boolean {
    return [...this.#older.values()].some(({ size }) => size > 0);
  }

  /** Takes out what a version of today has looked at, or what is gone. */
  settle(said: Said): void {
    for (const { asset, inspector, isOlder } of this.#seenIn(said)) {
      if (!isOlder) this.#older.get(inspector)?.delete(asset);
    }
    for (const { statement } of said.standing) {
      const asset = statement.kind === 'removal' ? keyOf(statement.about) : undefined;
      if (asset === undefined) continue;
      for (const assets of this.#older.values()) assets.delete(asset);
    }
  }

  outdated(): readonly Outdated[] {
    if (!this.#hasDeposits) return [];
    return this.#versions.flatMap(({ name: inspector, version }): Outdated[] => {
      if (!this.#used.has(inspector)) return [{ inspector, version, assets: undefined }];
      const assets = this.#older.get(inspector)?.size ?? 0;
      return assets === 0 ? [] : [{ inspector, version, assets }];
    });
  }

  *#seenIn({ standing }: Said) {
    for (const { statement } of standing) {
      const asset = statement.kind === 'finding' ? keyOf(statement.about) : undefined;
      if (statement.kind !== 'finding' || asset === undefined) continue;
      for (const { inspector, version } of statement.body.findings) {
        const today = this.#versions.find(({ name }) => name === inspector)?.version;
        if (today !== undefined) yield { asset, inspector, isOlder: version < today };
      }
    }
  }
}

/** 48 bits of the digest: among a million assets two are alike once in 500 archives. */
function keyOf(about: { readonly asset: Cid } | { readonly set: Cid } | null): number | undefined {
  if (about === null || !('asset' in about)) return undefined;
  return digestOf(about.asset)
    .subarray(0, 6)
    .reduce((key, byte) => key * 256 + byte, 0);
}
