import {
  encodeReceiptRequest,
  type PullReceipt,
  parsePullReceipt,
} from '../core/dataset/pull-receipt.ts';
import { ArchiveError } from '../core/errors.ts';
import { toHex } from '../core/hash.ts';
import type { Signer } from '../core/ports/keys.ts';
import type { Agreement } from './agree.ts';
import type { FetchedFile } from './fetch-file.ts';
import type { PullTelling } from './fetch-files.ts';
import type { PullParts } from './parts.ts';
import type { Offer } from './read-offer.ts';

/** A receipt with what it answers, as both were signed. */
export interface GivenReceipt {
  readonly says: PullReceipt;
  /** `receipt.json`. */
  readonly file: string;
}

const MOST_RECEIPT_BYTES = 65_536;

/**
 * Has a node that serves just this confirm the pull, in its ledger. Undefined where none does, which is told.
 *
 * @throws {ArchiveError} `content_withdrawn` if the revision is not the newest any more; `aborted`.
 */
export async function askReceipt(
  { manifest, offers, withdrawn }: Agreement,
  files: readonly FetchedFile[],
  parts: PullParts & { readonly signer: Signer },
  { notice }: Pick<PullTelling, 'notice'>,
): Promise<GivenReceipt | undefined> {
  const names = new Set(manifest.shards.map(({ name }) => name));
  const shards = files.flatMap(({ name, cid }) => (names.has(name) ? [cid] : []));
  for (const offer of offers.filter((one) => one.withdrawn.size === withdrawn.size)) {
    try {
      return await askOne(offer, [...new Set(shards)].sort(), parts);
    } catch (error) {
      if (!(error instanceof ArchiveError) || FINAL.has(error.code)) throw error;
      notice(`No receipt: ${error.message}`);
    }
  }
  return undefined;
}

const FINAL: ReadonlySet<string> = new Set(['content_withdrawn', 'aborted']);

async function askOne(
  { source, release, word, manifest }: Offer,
  shards: readonly FetchedFile['cid'][],
  { signer, now, sha256, verifySignature }: PullParts & { readonly signer: Signer },
): Promise<GivenReceipt> {
  const { purpose, requester } = manifest;
  const request = encodeReceiptRequest(
    {
      ...{ spec: 'ringfence/pull/1', release, revision: word.revision, shards: [...shards] },
      ...{ purpose, requester, puller: signer.did, node: word.node, at: now() },
    },
    signer,
  );
  const answer = await source.post('receipts', request, MOST_RECEIPT_BYTES);
  const says = parsePullReceipt(answer, verifySignature);
  if (says.node !== word.node || says.request !== toHex(sha256(request))) {
    const text = `${source.name} answers with a receipt for something else, or of another node`;
    throw new ArchiveError('peer_invalid', text);
  }
  const [asked, given] = [request, answer].map((bytes) =>
    JSON.parse(Buffer.from(bytes).toString()),
  );
  const file = `${JSON.stringify({ request: asked, receipt: given }, null, 2)}\n`;
  return { says, file };
}
