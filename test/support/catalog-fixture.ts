import { join } from 'node:path';
import { type CatalogOptions, openCatalog } from '../../src/catalog/open-catalog.ts';
import type { Catalog } from '../../src/core/ports/catalog.ts';
import { AT, type Said, saying } from './asset-statements.ts';
import { MemoryLedger, type MemoryMember } from './memory-ledger.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The question that the tests ask: is it eligible for the default use under `corroborated`? */
export const ELIGIBLE = {
  is: 'eligible',
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
  at: AT,
} as const;

/** A catalog over a ledger in memory, in a folder of its own. */
export interface CatalogFixture extends AsyncDisposable {
  readonly ledger: MemoryLedger;
  readonly catalog: Catalog & AsyncDisposable;
  readonly path: string;
  /** Appends one entry and projects it; returns the ids of its statements. */
  say(said: readonly Said[], author?: MemoryMember): Promise<readonly string[]>;
}

/** Returns a fixture whose own organisation is a vetted institution. */
export function catalogFixture(
  options: Pick<CatalogOptions, 'threadFrom' | 'onNotice'> = {},
): CatalogFixture {
  const plain = new MemoryLedger();
  const institutions = [{ id: plain.self.organisation, name: 'House', selfVetted: true }];
  const ledger = new MemoryLedger({ institutions });
  const folder = temporaryFolder();
  const path = join(folder.path, 'catalog.db');
  const catalog = openCatalog({ path, ledger, ...options });
  return {
    ledger,
    catalog,
    path,
    async say(said, author = ledger.self) {
      const { ids } = ledger.append(saying(said), { author });
      await catalog.catchUp();
      return ids;
    },
    async [Symbol.asyncDispose]() {
      await catalog[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
