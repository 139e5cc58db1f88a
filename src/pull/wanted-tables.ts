import type { NewestWord } from '../core/dataset/newest-word.ts';
import { ArchiveError } from '../core/errors.ts';
import type { Agreement, WantedFile } from './agree.ts';
import { nodeHolder } from './node-holder.ts';
import type { PullParts } from './parts.ts';
import { type Offer, readWord } from './read-offer.ts';

/** A node that tells of what is left in its tables. */
interface Telling extends Offer {
  readonly word: NewestWord & { readonly files: NonNullable<NewestWord['files']> };
}

/** How long tables are waited for that a node is still writing. */
const LONGEST_WAIT_MS = 120_000;
const MOST_DOUBLINGS = 4;

/**
 * Returns the files beside the shards that are to be had: those of the cut, and where something was withdrawn
 * or words were erased, those that a node has signed for. Undefined where no node holds back all that is held
 * back, so that the tables of none are of what is here. Tables that are being written are waited for.
 *
 * @throws {ArchiveError} `busy` where they are not there in two minutes; `content_withdrawn` where another
 * revision came meanwhile; `peer_invalid`.
 */
export async function wantedTables(
  { release, manifest, offers, withdrawn }: Agreement,
  parts: PullParts,
): Promise<readonly WantedFile[] | undefined> {
  const whole = offers.filter((offer) => offer.withdrawn.size === withdrawn.size);
  if (whole.length === 0) return undefined;
  const telling = await written(whole, parts);
  const names = Object.keys(manifest.files);
  const isAsCut = ({ word }: Telling) =>
    names.every((name) => word.files[name]?.cid === manifest.files[name]?.cid);
  // Words that one node has erased are not taken from another that has not.
  const [chosen] = telling.toSorted((a, b) => Number(isAsCut(a)) - Number(isAsCut(b)));
  return names.map((name): WantedFile => {
    const file = chosen?.word.files[name];
    if (file === undefined) {
      const text = `${chosen?.source.name} cannot be believed: its newest.json names no ${name}`;
      throw new ArchiveError('peer_invalid', text);
    }
    const holders = telling
      .filter(({ word }) => word.files[name]?.cid === file.cid)
      .map((offer) => nodeHolder(offer, parts));
    return { ...file, release, name, withheld: new Set(), holders };
  });
}

async function written(offers: readonly Offer[], parts: PullParts): Promise<readonly Telling[]> {
  const until = parts.clock() + LONGEST_WAIT_MS;
  for (let tries = 1, now = offers; ; tries += 1) {
    const there = now.flatMap((offer): Telling[] => {
      const { files } = offer.word;
      return files === null ? [] : [{ ...offer, word: { ...offer.word, files } }];
    });
    if (there.length > 0) return there;
    const [first] = offers;
    if (first === undefined || parts.clock() > until) {
      const text = `${first?.source.name} is still writing its tables; the shards are here, so run it again later`;
      throw new ArchiveError('busy', text, { retryable: true });
    }
    await first.source.pause(Math.min(tries, MOST_DOUBLINGS));
    now = await Promise.all(offers.map((offer) => askAgain(offer, parts)));
  }
}

async function askAgain(offer: Offer, parts: PullParts): Promise<Offer> {
  const { word, bytes } = await readWord(offer.source, parts);
  if (word.list === offer.word.list) {
    return { ...offer, word, files: { ...offer.files, word: bytes } };
  }
  const text = `${offer.source.name} serves revision ${word.revision} meanwhile`;
  throw new ArchiveError('content_withdrawn', text);
}
