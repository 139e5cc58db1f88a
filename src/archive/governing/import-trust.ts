import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { faultOf } from '../../core/foreign-data.ts';
import {
  type CredentialList,
  encodeCredentialList,
  NO_CREDENTIAL_LIST,
} from '../../core/policy/credential-list.ts';
import type { Archive } from '../archive.ts';
import { type Proposed, propose } from './propose.ts';
import { type TrustChange, trustChanges } from './trust-changes.ts';

/** The topic under which the trust list for Content Credentials is in force. */
const TOPIC = 'trust:credentials';

/** A file of trust data, as it was read from the disk. */
export interface TrustFile {
  readonly name: string;
  readonly text: string;
}

export interface TrustImport {
  readonly files: readonly TrustFile[];
  /** What certificates in PEM files are for. */
  readonly purpose: 'signers' | 'timestampers';
  readonly reason: string;
  /** Says what would change, and proposes nothing. */
  readonly isTrial?: boolean | undefined;
}

export interface ImportedTrust {
  readonly signers: number;
  readonly timestampers: number;
  readonly products: number;
  readonly changes: readonly TrustChange[];
  /** What became of it; null where nothing would change, and for a trial. */
  readonly proposed: Proposed | null;
}

/**
 * Proposes the trust list for credentials with what the files say in place of what the list in force
 * says of the same. What no file speaks of stays as it is.
 *
 * @throws {ArchiveError} `usage_invalid` naming the file that cannot be read; `statement_rejected`.
 */
export async function importTrust(
  { files, purpose, reason, isTrial = false }: TrustImport,
  parts: Pick<Archive, 'ledger' | 'intake' | 'clock' | 'sha256'>,
): Promise<ImportedTrust> {
  const known = parts.ledger.credentialList();
  let list: CredentialList = known?.list ?? NO_CREDENTIAL_LIST;
  for (const { name, text } of files) {
    list = { ...list, ...partOf(name, () => parts.intake.readTrustFile(text, purpose)) };
  }
  const block = partOf(files.map(({ name }) => name).join(', '), () =>
    encodeCredentialList(list, parts.sha256),
  );
  const proposed =
    isTrial || block.cid === known?.cid
      ? null
      : await propose({ topic: TOPIC, reason, document: block.cid }, parts, [block]);
  const { signers, timestampers, products } = list;
  return {
    signers: signers.length,
    timestampers: timestampers.length,
    products: products.length,
    changes: trustChanges(known?.list ?? NO_CREDENTIAL_LIST, list, parts),
    proposed,
  };
}

function partOf<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const fault = cause instanceof z.ZodError ? faultOf(cause) : undefined;
    const isInput = cause instanceof ArchiveError && cause.code === 'usage_invalid';
    if (fault === undefined && !isInput) throw cause;
    throw new ArchiveError('usage_invalid', `${name}: ${fault ?? (cause as Error).message}`, {
      cause,
    });
  }
}
