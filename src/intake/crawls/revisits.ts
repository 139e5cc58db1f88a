import type { SourceSignal } from '../../core/reservations/signal.ts';
import { broken } from './broken.ts';
import type { CrawledResponse } from './crawled-responses.ts';
import { signalsInHead } from './head-signals.ts';

/** Texts and signals of one crawl that are kept. */
const MOST = 200_000;

/**
 * What later visits of a crawler say of files that had not changed (`revisit`): the head of each may reserve
 * what an earlier one did not, and a text that could reserve something must be in the crawl, at its own
 * address, since what it says depends on where it stands.
 */
export class Revisits {
  readonly #signals = new Map<string, SourceSignal[]>();
  readonly #unread = new Set<string>();
  #kept = 0;

  /** @throws {ArchiveError} `input_invalid` where there is more than is kept. */
  add({ address, at, response }: CrawledResponse, couldReserve: boolean): void {
    const { href } = address;
    const signals = signalsInHead(response, { where: href, at });
    const known = this.#signals.get(href);
    if (known !== undefined) known.push(...signals);
    else if (signals.length > 0) this.#signals.set(href, [...signals]);
    if (couldReserve) this.#unread.add(href);
    this.#kept += signals.length + (couldReserve ? 1 : 0);
    if (this.#kept > MOST) throw broken(`it has more than ${MOST} revisits that could reserve`);
  }

  /** True if there are texts of which nobody has said yet that they were read. */
  get isWaiting(): boolean {
    return this.#unread.size > 0;
  }

  addRead(address: URL): void {
    this.#unread.delete(address.href);
  }

  /** @throws {ArchiveError} `input_invalid` for a text that is said to be as it was and is not in the crawl. */
  requireAllRead(): void {
    const [href] = this.#unread;
    if (href === undefined) return;
    throw broken(
      `${href} is recorded as unchanged and could reserve something, but what it was is not in this ` +
        'file; join it with the crawl that has it',
    );
  }

  /** Returns what later visits of this address reserve. */
  of(address: URL): readonly SourceSignal[] {
    return this.#signals.get(address.href) ?? [];
  }
}
