import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import { type Agreement, agree } from './agree.ts';
import type { PullTelling } from './fetch-files.ts';
import { HttpSource } from './http-source.ts';
import { checkKey, type KnownKeys } from './known-keys.ts';
import type { PullParts } from './parts.ts';
import { type Offer, readOffer } from './read-offer.ts';
import { addressOf, type WantedRelease } from './release-name.ts';

/** Whom to ask for a release, and whom to believe. */
export interface AskedNodes {
  readonly release: WantedRelease;
  /** URLs of the nodes that serve it. */
  readonly from: readonly string[];
  /** Returns what signs in at them now; without one they are asked as anybody asks. */
  readonly token: () => string | undefined;
  /** Who must have cut it; whoever is seen first where that is not said. */
  readonly curator?: Did | undefined;
  /** Keys of the nodes, likewise. */
  readonly nodes: readonly Did[];
}

/** Asks every node; those that cannot be believed or reached are named and left aside, unless all are. */
export async function askNodes(
  request: AskedNodes,
  parts: PullParts & { readonly keys: KnownKeys },
  { signal, notice }: Pick<PullTelling, 'signal' | 'notice'>,
): Promise<Agreement> {
  const { release, from, token, curator, nodes } = request;
  const answers = await Promise.allSettled(
    from.map((url) => {
      const source = new HttpSource(addressOf(url, release), { token, signal }, parts);
      return readOffer(source, release, parts);
    }),
  );
  const offers: Offer[] = [];
  const failures: unknown[] = [];
  for (const answer of answers) {
    if (answer.status === 'fulfilled') offers.push(answer.value);
    else failures.push(answer.reason);
  }
  if (offers.length === 0) throw failures[0];
  for (const failure of failures) {
    if (!(failure instanceof ArchiveError)) throw failure;
    notice(`Left aside: ${failure.message}`);
  }
  const agreement = agree(offers, parts);
  for (const note of agreement.notes) notice(note);
  const { name, curator: said } = agreement.manifest;
  const { origin } = new URL(offers[0]?.source.name ?? '');
  const shown = { key: said.did, of: `the curator of ${name} at ${origin}`, named: curator };
  await checkKey({ ...shown, option: '--curator' }, parts.keys, notice);
  for (const { source, word } of offers) {
    // Whoever is trusted to cut the release is trusted to serve it.
    if (word.node === said.did) continue;
    const named = nodes.find((key) => key === word.node) ?? nodes[0];
    const of = `the node at ${new URL(source.name).origin}`;
    await checkKey({ key: word.node, of, named, option: '--node' }, parts.keys, notice);
  }
  return agreement;
}
