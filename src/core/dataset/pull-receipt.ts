import { z } from 'zod';
import type { Signer, VerifySignature } from '../ports/keys.ts';
import { receipt as stated } from '../statements/care-kinds.ts';
import { did, hex32, statementId, timestamp } from '../statements/fields.ts';
import { encodeSigned, parseSigned, type SignedForm } from './signed-file.ts';

const signature = z.string().max(1024);

const request = z.strictObject({
  spec: z.literal('ringfence/pull/1'),
  /** What the statement will say; the shards are those of that revision. */
  ...stated.shape,
  /** The node that is to confirm it. */
  node: did,
  at: timestamp,
});

const receipt = z.strictObject({
  spec: z.literal('ringfence/receipt/1'),
  /** The statement in the ledger. */
  receipt: statementId,
  /** sha-256 of the request, its signature included. */
  request: hex32,
  node: did,
  at: timestamp,
});

/** What whoever has pulled a release says of it. */
export type ReceiptRequest = z.output<typeof request>;
/** What the node answers, once that is in the ledger. */
export type PullReceipt = z.output<typeof receipt>;

const requestForm: SignedForm<ReceiptRequest> = {
  schema: request.extend({ signature }),
  signer: ({ puller }) => puller,
  what: 'a request for a receipt',
};

const receiptForm: SignedForm<PullReceipt> = {
  schema: receipt.extend({ signature }),
  signer: ({ node }) => node,
  what: 'a receipt',
};

export function encodeReceiptRequest(value: ReceiptRequest, puller: Signer): Uint8Array {
  return encodeSigned(value, puller);
}

/** Returns what was signed by the puller's key. @throws {ArchiveError} `release_invalid`. */
export function parseReceiptRequest(bytes: Uint8Array, verify: VerifySignature): ReceiptRequest {
  return parseSigned(bytes, requestForm, verify);
}

export function encodePullReceipt(value: PullReceipt, node: Signer): Uint8Array {
  return encodeSigned(value, node);
}

/** Returns what was signed by the node's key. @throws {ArchiveError} `release_invalid`. */
export function parsePullReceipt(bytes: Uint8Array, verify: VerifySignature): PullReceipt {
  return parseSigned(bytes, receiptForm, verify);
}
