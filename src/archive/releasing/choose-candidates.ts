import { ArchiveError } from '../../core/errors.ts';
import type { AssetFilter } from '../../core/ports/asset-lists.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { ReleaseCandidate, SelectionFilter } from '../../core/ports/release-candidates.ts';
import type { EntryHash } from '../../core/statements/fields.ts';
import type { Archive } from '../archive.ts';

/** Others append now and then; somebody who appends all the time is not waited for. */
const MOST_TRIES = 20;

/** A state of the ledger and everything eligible at it, to be read once. */
interface Choice extends Disposable {
  readonly state: EntryHash;
  readonly candidates: Iterable<ReleaseCandidate>;
}

/**
 * Appends a checkpoint and returns what is eligible at exactly that state. Where something else
 * arrives before the catalog is read, it begins again: nobody could recompute the choice otherwise.
 *
 * @throws {ArchiveError} `policy_unknown`; `aborted` if the ledger does not hold still.
 */
export async function chooseCandidates(
  filter: SelectionFilter,
  verdict: Omit<NonNullable<AssetFilter['verdict']>, 'is'>,
  { ledger, catalog }: Pick<Archive, 'ledger' | 'catalog'>,
): Promise<Choice> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { entry: state } = await ledger.checkpoint({ force: true });
    await catalog.catchUp();
    const found = catalog.candidates(filter, verdict)[Symbol.iterator]();
    // The moment that all of it is of.
    const first = found.next();
    const close = () => void found.return?.();
    if (await isNewest(state, ledger.size(), ledger)) {
      return { state, candidates: resumed(first, found), [Symbol.dispose]: close };
    }
    close();
  }
  throw new ArchiveError(
    'aborted',
    'entries kept arriving while the release was to be decided; cut it when less is being written',
    { retryable: true },
  );
}

async function isNewest(
  entry: EntryHash,
  size: number,
  ledger: Pick<Ledger, 'arrivals'>,
): Promise<boolean> {
  for await (const arrival of ledger.arrivals(size - 1)) return arrival.entry === entry;
  return false;
}

function* resumed<T>(first: IteratorResult<T>, rest: Iterator<T>): Generator<T> {
  for (let next = first; next.done !== true; next = rest.next()) yield next.value;
}
