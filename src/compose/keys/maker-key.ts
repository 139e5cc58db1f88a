import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type SignedClaim, signClaim } from '../../archive/claims/sign-claim.ts';
import { openKey, sealKey } from '../../backup/sealed-key.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { toSigner } from '../../ledger/keys/signer-of.ts';
import { sha256 } from '../../ledger/sha256.ts';

/**
 * A maker's key file: an Ed25519 key under a passphrase, in the form in which backups hold a home's, mode
 * 0600. It belongs to a person and to no home; no node ever reads it.
 */

/** Key files have some hundred bytes; what is much larger is something else. */
const MAX_BYTES = 16_384;

/** Makes a key file and returns its did:key. @throws {ArchiveError} `export_conflict`, `usage_invalid`. */
export async function newMakerKey(path: string, passphrase: string): Promise<Did> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeNew(path, await sealKey(pem, passphrase));
  return toSigner(privateKey).did;
}

/**
 * Makes a key file out of a private key in PKCS#8 PEM, and returns its did:key.
 *
 * @throws {ArchiveError} `input_invalid` if it is no Ed25519 key, `export_conflict`, `usage_invalid`.
 */
export async function importMakerKey(from: string, path: string, passphrase: string): Promise<Did> {
  const pem = (await readSmall(from)).toString('latin1');
  const { did } = signerIn(pem, from);
  await writeNew(path, await sealKey(pem, passphrase));
  return did;
}

/** Writes the key in PKCS#8 PEM, without a passphrase. @throws as {@link openMakerKey}, `export_conflict`. */
export async function exportMakerKey(path: string, to: string, passphrase: string): Promise<Did> {
  const pem = await openKey(await readSmall(path), passphrase);
  const { did } = signerIn(pem, path);
  await writeNew(to, Buffer.from(pem, 'latin1'));
  return did;
}

/** @throws {ArchiveError} `file_unreadable`; `backup_invalid` for another passphrase, or damage. */
export async function openMakerKey(path: string, passphrase: string): Promise<Signer> {
  return signerIn(await openKey(await readSmall(path), passphrase), path);
}

/** Signs a claim file's text. @throws {ArchiveError} as `signClaim`. */
export function signClaimText(text: string, signer: Signer): SignedClaim {
  return signClaim(text, signer, sha256);
}

function signerIn(pem: string, path: string): Signer {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return toSigner(key);
  } catch (cause) {
    throw notAKey(path, cause);
  }
  throw notAKey(path);
}

async function readSmall(path: string): Promise<Buffer> {
  const bytes = await onFile(path, () => readFile(path));
  if (bytes.length > MAX_BYTES) throw notAKey(path);
  return bytes;
}

async function writeNew(path: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600, flush: true });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new ArchiveError('export_conflict', `${path} is there already; name another file`, {
        cause,
      });
    }
    await onFile(path, () => Promise.reject(cause));
  }
}

function notAKey(path: string, cause?: unknown): ArchiveError {
  return new ArchiveError('input_invalid', `${path} holds no Ed25519 private key`, { cause });
}
