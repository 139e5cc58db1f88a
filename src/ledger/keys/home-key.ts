import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { toSigner } from './signer-of.ts';

/** A key file of ours has some 120 bytes; what is much larger is something else. */
const MAX_BYTES = 4_096;

/**
 * Makes the home's private Ed25519 key and returns its signer.
 *
 * The file is PKCS#8 in PEM, readable by its owner alone, in a folder that is made the same way if it
 * is missing. It is on disk when the promise resolves and is never seen half-written; a crash before
 * leaves at most `PATH.new`, which the next call replaces.
 *
 * @throws {ArchiveError} `home_exists` if there is a file already; it is not touched. `disk_full`.
 */
export async function createHomeKey(path: string): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  try {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await onFile(path, () => writeDurably(fresh, pem));
    await link(fresh, path);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
    throw new ArchiveError('home_exists', `${path} exists already; the home has a key`, {
      cause: error,
    });
  } finally {
    await rm(fresh, { force: true });
  }
  await syncFolder(dirname(path));
  return toSigner(privateKey);
}

/**
 * Returns the signer of the home's private key; the key itself stays in this module.
 *
 * @throws {ArchiveError} `home_corrupt` if the file is missing, is no Ed25519 private key, or can be
 * read by others than its owner.
 */
export async function openHomeKey(path: string): Promise<Signer> {
  return toSigner(await readPrivateKey(path));
}

/** Returns the signer of the home's key, which is made if it is missing. @throws as {@link openHomeKey}. */
export async function openOrCreateKey(path: string): Promise<Signer> {
  try {
    return await createHomeKey(path);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'home_exists') return openHomeKey(path);
    throw error;
  }
}

/**
 * Returns the 32-byte seed of the home's private key (RFC 8032). Only the network asks for it, whose
 * handshakes sign with a library that takes no signer.
 *
 * @throws {ArchiveError} as {@link openHomeKey}.
 */
export async function readHomeSeed(path: string): Promise<Uint8Array> {
  const { d } = (await readPrivateKey(path)).export({ format: 'jwk' });
  return Uint8Array.from(Buffer.from(d ?? '', 'base64url'));
}

async function readPrivateKey(path: string): Promise<KeyObject> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY);
  } catch (cause) {
    const what = isSystemError(cause, 'ENOENT') ? 'is missing' : 'cannot be opened';
    throw new ArchiveError(
      'home_corrupt',
      `the home's private key ${path} ${what}; restore it from a backup`,
      { cause },
    );
  }
  try {
    const stats = await file.stat();
    const { mode, size } = stats;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new ArchiveError(
        'home_corrupt',
        `the home's private key ${path} can be read or written by others; run: chmod 600 ${path}`,
      );
    }
    if (!stats.isFile() || size > MAX_BYTES) throw notAKey(path);
    return parsePem(path, await file.readFile('latin1'));
  } finally {
    await file.close();
  }
}

function parsePem(path: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw notAKey(path, cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw notAKey(path);
  return key;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name in a folder is on disk once the folder is. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function notAKey(path: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    'home_corrupt',
    `${path} is not an Ed25519 private key in PKCS#8 PEM; restore it from a backup`,
    { cause },
  );
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
