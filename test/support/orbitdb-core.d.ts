/** What tests use of @orbitdb/core beside what the ledger does. */
declare module '@orbitdb/core' {
  export interface OrbitDatabase {
    readonly address: string;
    readonly name: string;
    close(): Promise<void>;
  }

  export interface OrbitDatabaseOptions {
    readonly address: string;
    readonly name: string;
  }

  export type OrbitAccessController = (() => Promise<{
    readonly type: string;
    readonly address: string;
  }>) & { readonly type: string };

  export function useAccessController(make: {
    readonly type: string;
    (): () => Promise<{ readonly type: string; readonly address: string }>;
  }): void;

  export function createOrbitDB(options: {
    readonly ipfs: unknown;
    readonly identity: OrbitIdentity;
    readonly identities: object;
    readonly directory: string;
  }): Promise<{
    open(
      address: string,
      options: {
        readonly type?: string;
        readonly AccessController?: () => Promise<{ readonly address: string }>;
        readonly Database: (options: OrbitDatabaseOptions) => Promise<OrbitDatabase>;
      },
    ): Promise<OrbitDatabase>;
    stop(): Promise<void>;
  }>;
}
