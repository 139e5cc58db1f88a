import { retireBrowsers } from '../../archive/signing/browser-rights.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, type PartnerParts, tellFailure } from './partner-parts.ts';

/** Browsers are signed in for days. */
const LOOK_MS = 3_600_000;

/** Ends the rights in the ledger of browsers whose time is over, until disposed. */
export function startRetiringBrowsers({
  archive,
  projector,
  log,
}: Pick<PartnerParts, 'archive' | 'projector' | 'log'>): AsyncDisposable {
  const retiring = new Rounds({
    everyMs: LOOK_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'browsers', error),
    round: async () => {
      if (archive.ledger.isWaiting) return;
      const browsers = await retireBrowsers(archive);
      if (browsers === 0) return;
      log({ level: 'note', event: 'browsers', text: `${browsers} browsers sign no more` });
      projector.news();
    },
  });
  retiring.start();
  return retiring;
}
