import type { EntryHash } from '../../statements/fields.ts';
import type { Role } from '../../statements/kinds.ts';
import type { Did } from '../did-key.ts';
import { type Act, type ActKind, entryOf, type Place } from './act.ts';
import type { Titles } from './titles.ts';

/** Who says something: its author, or the steward that adopted it. */
export interface Voice {
  readonly author: Did;
  readonly id: Did;
  readonly organisation: string;
  readonly roles: readonly Role[];
}

/** Acts that stand as a steward's, with whose they are, and what stewards have adopted. */
export interface StewardActs {
  readonly voices: ReadonlyMap<EntryHash, Voice>;
  /** Acts that stand by the seat of their own author; only these vote. */
  readonly own: ReadonlySet<EntryHash>;
  /** Who adopted an entry, where that entry does not stand by itself. */
  readonly adopters: ReadonlyMap<EntryHash, Voice>;
}

/**
 * The second pass: a steward's act is void if its author was removed and the removal does not keep it,
 * unless a steward adopts it. Descendants come first, so that adopters are known before what they
 * adopt; of several adopters the first in the order of acts has it.
 */
export function stewardActs(
  acts: readonly Act[],
  seats: Titles,
  placeOf: (act: Act) => Place,
): StewardActs {
  const voices = new Map<EntryHash, Voice>();
  const own = new Set<EntryHash>();
  const adopters = new Map<EntryHash, Voice>();
  for (const act of acts.toReversed()) {
    const title = seats.at(act.author, placeOf(act));
    if (title !== undefined) own.add(act.hash);
    const voice =
      title === undefined
        ? adopters.get(act.hash)
        : {
            author: act.author,
            id: title.id,
            organisation: title.organisation,
            roles: title.roles,
          };
    if (voice === undefined) continue;
    voices.set(act.hash, voice);
    if (act.kind !== 'adopt') continue;
    for (const entry of act.body.entries) adopters.set(entry, voice);
  }
  return { voices, own, adopters };
}

/** Returns the acts of one kind. */
export function actsOf<K extends ActKind>(kind: K, acts: readonly Act[]): readonly Act<K>[] {
  // The filter leaves acts of this kind only.
  return acts.filter((act) => act.kind === kind) as unknown as readonly Act<K>[];
}

/** Returns enactments with what they enact, of the proposals that are there. */
export function enactedIn(
  acts: readonly Act[],
  proposals: ReadonlyMap<EntryHash, Act<'proposal'>>,
): readonly { readonly act: Act<'enactment'>; readonly proposal: Act<'proposal'> }[] {
  return actsOf('enactment', acts).flatMap((act) => {
    const proposal = proposals.get(entryOf(act.body.proposal));
    return proposal === undefined ? [] : [{ act, proposal }];
  });
}
