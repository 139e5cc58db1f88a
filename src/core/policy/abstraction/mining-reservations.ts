import type { BodyOf } from '../../statements/kinds.ts';
import type { Permissions, ReservationInput } from '../input.ts';
import { PURPOSES, type Purpose } from '../purposes.ts';

type Finding = BodyOf<'finding'>['findings'][number];

/** Keys end in the name of a purpose, in both vocabularies: `c2pa.ai_training`, `cawg.ai_training`. */
const KEY = /^(c2pa|cawg)\.(\w+)$/;

/**
 * Returns what training-mining assertions of Content Credentials reserve (CAWG 1.1), each vocabulary
 * as a protocol of its own. They deny whether or not the credential holds: a changed file is no reason
 * to do what its maker refused. `constrained` says on what terms elsewhere, so it denies as well; `allowed`
 * grants nothing here.
 */
export function miningReservations({
  inspector,
  facts,
}: Finding): readonly Omit<ReservationInput, 'ref'>[] {
  const said = facts['trainingMining'];
  if (inspector !== 'credentials' || typeof said !== 'object' || said === null) return [];
  const denied = new Map<string, Purpose[]>();
  for (const [key, use] of Object.entries(said)) {
    const [, protocol = '', name] = KEY.exec(key) ?? [];
    const purpose = PURPOSES.find((one) => one === name);
    if (purpose === undefined || use === 'allowed') continue;
    denied.set(protocol, [...(denied.get(protocol) ?? []), purpose]);
  }
  return [...denied]
    .sort()
    .map(([protocol, purposes]) => ({ protocol, values: denying(purposes) }));
}

function denying(purposes: readonly Purpose[]): Permissions {
  const denied = PURPOSES.filter((purpose) => purposes.includes(purpose));
  return Object.fromEntries(denied.map((purpose) => [purpose, 'deny']));
}
