import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Exchanges } from '../../core/ports/exchange.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { MayHave } from '../../core/ports/ledger-feed.ts';
import type { SyncParts } from '../feed/sync-with.ts';
import { exportFeed } from './export-feed.ts';
import { importFeed } from './import-feed.ts';

/** Returns what carries this home's log to others as files, and theirs here. */
export function feedExchanges(
  parts: Omit<SyncParts, 'network'> & {
    readonly ledger: Pick<Ledger, 'memberOf'>;
    /** Says which records each member may have. */
    readonly mayHave: (peer: Did) => MayHave | undefined;
  },
): Exchanges {
  return {
    async exportFeed(path, { since, recipient, claim, signal }) {
      if (recipient !== undefined && parts.ledger.memberOf(recipient) === undefined) {
        throw new ArchiveError('not_found', `${recipient} is no member of this archive`);
      }
      const mayHave = recipient === undefined ? () => false : parts.mayHave(recipient);
      if (mayHave === undefined) {
        throw new ArchiveError(
          'usage_invalid',
          `${recipient} is a witness, who is shown no entries`,
        );
      }
      return exportFeed(path, parts.feed, { since, mayHave, claim, signal });
    },
    importFeed: (path, options) => importFeed(path, parts, options?.signal),
  };
}
