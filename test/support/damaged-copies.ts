import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFixity, type FixityReport } from '../../src/archive/copies/check-fixity.ts';
import type { PartnerNode } from './partner-homes.ts';

/** Flips a bit of a file's bytes where they lie in the packs of a home. */
export function damageStored(bytes: Uint8Array, packs: string): void {
  for (const pack of readdirSync(packs)) {
    const path = join(packs, pack);
    const stored = readFileSync(path);
    const at = stored.indexOf(bytes);
    if (at < 0) continue;
    stored[at + 99] = (stored[at + 99] ?? 0) ^ 1;
    writeFileSync(path, stored);
    return;
  }
  throw new Error(`these bytes are in no pack of ${packs}`);
}

/** Has a home read everything that it holds, without or with the help of its partners. */
export async function readAgain(
  { archive, services }: PartnerNode,
  isHelped = false,
): Promise<FixityReport> {
  const repair: Parameters<typeof checkFixity>[1] = {
    repair: (damaged) =>
      services.replica.repair(damaged.map((one) => ({ root: one.asset, ...one }))),
  };
  const report = await checkFixity(archive, isHelped ? repair : {});
  await archive.catalog.catchUp();
  return report;
}
