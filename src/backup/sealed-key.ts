import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';

/**
 * A private key under a passphrase: the key for AES-256-GCM is scrypt (RFC 7914) of the passphrase in
 * NFC, with the parameters that stand beside it; what stands before the ciphertext is authenticated.
 */
const sealedKey = z.strictObject({
  format: z.literal('ringfence-key/1'),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    n: z.number().int().min(16_384).max(1_048_576),
    r: z.literal(8),
    p: z.literal(1),
    salt: z.base64(),
  }),
  cipher: z.literal('aes-256-gcm'),
  nonce: z.base64(),
  /** The key in PKCS#8 PEM, encrypted, with the tag of 16 bytes at the end. */
  ciphertext: z.base64(),
});

const N = 131_072;
const TAG_BYTES = 16;
const MIN_PASSPHRASE = 8;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** Returns the file that holds a key under a passphrase. @throws {ArchiveError} `usage_invalid`. */
export async function sealKey(pem: string, passphrase: string): Promise<Buffer> {
  if (passphrase.length < MIN_PASSPHRASE) {
    throw new ArchiveError(
      'usage_invalid',
      `the passphrase must have ${MIN_PASSPHRASE} characters or more; four random words are good`,
    );
  }
  const format = 'ringfence-key/1' as const;
  const salt = randomBytes(16);
  const kdf = { name: 'scrypt', n: N, r: 8, p: 1, salt: salt.toString('base64') } as const;
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, kdf), nonce);
  cipher.setAAD(authenticated({ format, kdf }));
  const sealed = Buffer.concat([cipher.update(pem, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const value: z.output<typeof sealedKey> = {
    format,
    kdf,
    cipher: 'aes-256-gcm',
    nonce: nonce.toString('base64'),
    ciphertext: sealed.toString('base64'),
  };
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** Returns the key in PEM. @throws {ArchiveError} `backup_invalid` for another passphrase, or damage. */
export async function openKey(file: Buffer, passphrase: string): Promise<string> {
  const read = sealedKey.safeParse(parseJson(file.toString('utf8')));
  if (!read.success) throw new ArchiveError('backup_invalid', 'the sealed key is damaged');
  const { kdf, format, nonce, ciphertext } = read.data;
  const bytes = Buffer.from(ciphertext, 'base64');
  const key = await keyOf(passphrase, kdf);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'));
    decipher.setAAD(authenticated({ format, kdf }));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const pem = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    return pem.toString('utf8');
  } catch (cause) {
    throw new ArchiveError(
      'backup_invalid',
      'the passphrase is not the one that the key was sealed with',
      { cause },
    );
  }
}

function keyOf(passphrase: string, kdf: z.output<typeof sealedKey>['kdf']): Promise<Buffer> {
  const { n, r, p } = kdf;
  const salt = Buffer.from(kdf.salt, 'base64');
  return derive(passphrase.normalize('NFC'), salt, 32, { N: n, r, p, maxmem: 256 * n * r });
}

function authenticated(head: Pick<z.output<typeof sealedKey>, 'format' | 'kdf'>): Buffer {
  return Buffer.from(JSON.stringify([head.format, head.kdf.name, head.kdf.n, head.kdf.salt]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
