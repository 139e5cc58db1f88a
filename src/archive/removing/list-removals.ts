import type { StatementId } from '../../core/statements/fields.ts';
import type { About } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { type Acknowledged, acknowledgements } from '../governing/acknowledgements.ts';
import { isOpenStop } from '../judging/list-stops.ts';
import { askedRemovals, confirmedOf, membersOf } from './said-removals.ts';

/** One removal that was asked for, and how far it has got. */
export interface ListedRemoval extends Acknowledged {
  readonly id: StatementId;
  readonly at: string;
  readonly organisation: string;
  readonly reason: string;
  readonly about: NonNullable<About>;
  readonly assets: number;
  /** `asked`: nobody is given the bytes; `due`: they are to be destroyed; `lifted`: taken back for all of it. */
  readonly state: 'asked' | 'due' | 'lifted';
  readonly confirmations: readonly {
    readonly id: StatementId;
    readonly at: string;
    readonly organisation: string;
  }[];
  /** How many of the assets have their bytes in this home. */
  readonly here: number;
}

/** Returns the removals that were asked for, oldest arrival first. */
export async function listRemovals(
  archive: Pick<Archive, 'ledger' | 'catalog' | 'content' | 'clock'>,
): Promise<readonly ListedRemoval[]> {
  const { content } = archive;
  const acknowledged = acknowledgements(archive);
  const listed: ListedRemoval[] = [];
  const removals = askedRemovals(archive);
  const confirmed = new Set(confirmedOf(removals, archive).map(({ id }) => id));
  for (const removal of removals) {
    const { id, at, organisation, reason, about, confirmations } = removal;
    const members = await membersOf(removal, archive);
    let here = 0;
    for (const asset of members) if (await content.has(asset)) here += 1;
    const isOpen = members.some((asset) => isOpenStop(id, asset, archive));
    listed.push({
      ...{ id, at, organisation, reason, about, assets: members.length, here },
      state: !isOpen ? 'lifted' : confirmed.has(id) ? 'due' : 'asked',
      confirmations: confirmations.map((one) => ({
        ...{ id: one.id, at: one.at, organisation: one.organisation },
      })),
      ...acknowledged(id),
    });
  }
  return listed;
}
