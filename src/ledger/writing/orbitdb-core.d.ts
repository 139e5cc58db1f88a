/** The part of @orbitdb/core 4.0.0 that is used here; the package ships no types. */
declare module '@orbitdb/core' {
  export interface OrbitEntry {
    readonly id: string;
    readonly payload: unknown;
    readonly next: readonly string[];
    readonly refs: readonly string[];
    readonly clock: { readonly id: string; readonly time: number };
    readonly v: number;
    readonly key: string;
    readonly identity: string;
    readonly sig: string;
    readonly hash?: string;
  }

  export interface OrbitStorage {
    put(key: string, value: unknown): Promise<void>;
    get(key: string): Promise<unknown>;
    del(key: string): Promise<void>;
    iterator(): AsyncIterable<readonly [string, unknown]>;
    merge(other: OrbitStorage): Promise<void>;
    clear(): Promise<void>;
    close(): Promise<void>;
  }

  export interface OrbitIdentity {
    readonly id: string;
    readonly hash: string;
    readonly publicKey: string;
    readonly type: string;
    sign(identity: OrbitIdentity, bytes: Uint8Array): Promise<string>;
    /** Needed for joining only. */
    verify?(signature: string, publicKey: string, bytes: Uint8Array): Promise<boolean>;
  }

  export interface OrbitLog {
    append(
      payload: unknown,
      options?: { readonly referencesCount: number },
    ): Promise<OrbitEntry & { readonly hash: string }>;
    joinEntry(entry: OrbitEntry): Promise<boolean>;
    heads(): Promise<readonly OrbitEntry[]>;
    values(): Promise<readonly OrbitEntry[]>;
    close(): Promise<void>;
  }

  export function Log(
    identity: OrbitIdentity,
    options: {
      readonly logId: string;
      readonly access?: { canAppend(entry: OrbitEntry): Promise<boolean> };
      readonly entryStorage?: OrbitStorage;
      readonly headsStorage?: OrbitStorage;
      readonly indexStorage?: OrbitStorage;
      readonly sortFn?: (a: OrbitEntry, b: OrbitEntry) => number;
    },
  ): Promise<OrbitLog>;

  export const Entry: {
    decode(bytes: Uint8Array): Promise<OrbitEntry & { readonly hash: string }>;
    encode(entry: OrbitEntry): Promise<{ readonly hash: string; readonly bytes: Uint8Array }>;
    verify(identity: Required<Pick<OrbitIdentity, 'verify'>>, entry: OrbitEntry): Promise<boolean>;
  };

  export function MemoryStorage(): Promise<OrbitStorage>;

  export function parseAddress(address: string): { readonly hash: string; toString(): string };
}

/** The log alone, without the sync, storages and databases that the package brings with it. */
declare module '@orbitdb/core/src/oplog/index.js' {
  export { Log } from '@orbitdb/core';
}
