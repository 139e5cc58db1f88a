import { open, readFile, stat } from 'node:fs/promises';
import { type BackupCheck, verifyBackup } from '../backup/verify-backup.ts';
import { onFile } from '../core/file-fault.ts';
import { checkProof, type ProofCheck } from '../core/witnessing/check-proof.ts';
import { refusal } from '../core/witnessing/proof-file.ts';
import { verifySignature } from '../ledger/keys/verify-signature.ts';
import { sha256 } from '../ledger/sha256.ts';
import { type VerdictCheck, verifyVerdict } from './verify-verdict.ts';

/** A proof holds a batch of 1 MiB for each entry at most; one of so many is no proof of one asset. */
const MAX_PROOF_BYTES = 512 * 1024 * 1024;

export type PathCheck =
  | ({ readonly sort: 'backup' } & BackupCheck)
  | ({ readonly sort: 'proof' } & ProofCheck)
  | ({ readonly sort: 'verdict' } & VerdictCheck);

/**
 * Checks what lies at a path without any home: the folder of a backup, a proof, or the bundle of a verdict.
 *
 * @throws {ArchiveError} `backup_invalid` for a folder without a finished backup, `proof_invalid` for a
 * proof that does not hold or is not of the archive with this `address`, `file_unreadable`, `aborted`.
 */
export async function verifyPath(
  path: string,
  options: NonNullable<Parameters<typeof verifyBackup>[1]> & { readonly address?: string },
): Promise<PathCheck> {
  const found = await onFile(path, () => stat(path));
  if (found.isDirectory()) return { sort: 'backup', ...(await verifyBackup(path, options)) };
  if (await isVerdict(path)) return { sort: 'verdict', ...(await verifyVerdict(path, options)) };
  if (found.size > MAX_PROOF_BYTES) throw refusal(`has ${found.size} bytes, more than any proof`);
  const text = await onFile(path, () => readFile(path, 'utf8'));
  const tools = { verify: verifySignature, sha256 };
  return { sort: 'proof', ...checkProof(text, tools, options.address) };
}

/** A bundle begins with a length below 16 MiB, big-endian, and a proof with words. */
async function isVerdict(path: string): Promise<boolean> {
  await using file = await onFile(path, () => open(path));
  const { bytesRead, buffer } = await file.read(new Uint8Array(1), 0, 1, 0);
  return bytesRead === 1 && buffer[0] === 0;
}
