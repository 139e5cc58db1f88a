import { isNow } from '../../core/dataset/is-now.ts';
import {
  encodePullReceipt,
  parseReceiptRequest,
  type ReceiptRequest,
} from '../../core/dataset/pull-receipt.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { StatementId } from '../../core/statements/fields.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import type { LiveView } from '../live/live-release.ts';
import { timestampOf } from '../now.ts';
import { say } from '../say.ts';

type Parts = Pick<
  Archive,
  'ledger' | 'catalog' | 'signer' | 'verifySignature' | 'sha256' | 'clock'
>;

/**
 * Records that somebody has pulled a release and returns the receipt, signed by this node. The puller's key
 * has signed what was pulled; asked again for the same, the same statement is named.
 *
 * @throws {ArchiveError} `content_withdrawn` if that revision is not the newest any more; `input_invalid` for
 * what is not served here; `release_invalid` for another's signature; `statement_rejected` where the home may
 * give none, `home_restored`, `disk_full`.
 */
export async function giveReceipt(
  bytes: Uint8Array,
  view: LiveView,
  parts: Parts,
): Promise<Uint8Array> {
  const { signer, verifySignature, sha256, clock } = parts;
  const request = parseReceiptRequest(bytes, verifySignature);
  checkRequest(request, view, parts);
  const { release, revision, shards, purpose, requester, puller } = request;
  const body = { release, revision, shards, purpose, requester, puller };
  const before = await givenBefore(request, parts);
  const receipt = before ?? (await say('receipt', body, parts)).id;
  if (before === undefined) await parts.catalog.catchUp();
  return encodePullReceipt(
    {
      ...{ spec: 'ringfence/receipt/1', receipt, request: toHex(sha256(bytes)) },
      ...{ node: signer.did, at: timestampOf(clock) },
    },
    signer,
  );
}

function checkRequest(request: ReceiptRequest, view: LiveView, { signer, clock }: Parts): void {
  const { manifest, revision, shards } = view;
  const wrong = (what: string) => new ArchiveError('input_invalid', `no receipt is given: ${what}`);
  if (request.node !== signer.did) throw wrong(`this node is ${signer.did}, not ${request.node}`);
  if (!isNow(request.at, clock())) {
    throw wrong(`it was asked for at ${request.at}, more than five minutes from now`);
  }
  const { purpose, requester } = manifest;
  const isOf = request.release === view.release && request.revision <= revision;
  if (!isOf || request.purpose !== purpose || request.requester !== requester) {
    throw wrong('release, purpose or requester are not those of what was pulled');
  }
  if (request.revision < revision) {
    const text = `revision ${request.revision} is served no more; revision ${revision} is the newest`;
    throw new ArchiveError('content_withdrawn', text);
  }
  const served = new Set([...shards.values()].map(({ cid }) => cid));
  const other = request.shards.find((shard) => !served.has(shard));
  if (other !== undefined) throw wrong(`${other} is no shard of revision ${revision}`);
}

/** Without this, whoever asks again and again would fill the ledger. */
async function givenBefore(
  request: ReceiptRequest,
  { catalog, signer }: Pick<Parts, 'catalog' | 'signer'>,
): Promise<StatementId | undefined> {
  const asked = request.shards.join(' ');
  const takeTurn = takeTurns();
  for (const { id, author, statement } of catalog.receiptsOf(request.release)) {
    await takeTurn();
    if (statement.kind !== 'receipt' || author !== signer.did) continue;
    const { puller, revision, shards } = statement.body;
    const isSame = puller === request.puller && revision === request.revision;
    if (isSame && shards.join(' ') === asked) return id;
  }
  return undefined;
}
