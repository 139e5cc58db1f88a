import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHomeKey, openHomeKey, readHomeSeed } from '../../../src/ledger/keys/home-key.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { pemOf, seedOf, signerOf } from '../../support/keys.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const corrupt = expect.objectContaining({ code: 'home_corrupt' });
const isWindows = process.platform === 'win32';

it('makes a key that signs, and opens the same key again', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'keys', 'home.pem');
  const made = await createHomeKey(path);
  const opened = await openHomeKey(path);
  expect(opened.did).toBe(made.did);
  const bytes = Buffer.from('what is signed');
  expect(verifySignature(made.did, bytes, opened.sign(bytes))).toBe(true);
  expect(readFileSync(path, 'latin1')).toContain('BEGIN PRIVATE KEY');
});

it('gives the seed of the key to the network', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'home.pem');
  writeFileSync(path, pemOf('home'), { mode: 0o600 });
  expect(await readHomeSeed(path)).toEqual(Uint8Array.from(seedOf('home')));
});

it.skipIf(isWindows)(
  `keeps it from everybody else${isWindows ? ' (skipped: no modes)' : ''}`,
  async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'keys', 'home.pem');
    await createHomeKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'keys')).mode & 0o777).toBe(0o700);
  },
);

it('never touches a key that is there, and clears up what a crash has left', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'home.pem');
  writeFileSync(`${path}.new`, 'half a k', { mode: 0o600 });
  const { did } = await createHomeKey(path);
  await expect(createHomeKey(path)).rejects.toThrow(
    expect.objectContaining({ code: 'home_exists' }),
  );
  expect((await openHomeKey(path)).did).toBe(did);
  expect(() => statSync(`${path}.new`)).toThrow('ENOENT');
});

describe('does not open', () => {
  it('a key that is not there', async () => {
    using folder = temporaryFolder();
    await expect(openHomeKey(join(folder.path, 'home.pem'))).rejects.toThrow(corrupt);
  });

  it.skipIf(isWindows).each([0o640, 0o604, 0o620, 0o644, 0o666])(
    `a key with mode %o, and says how to mend it${isWindows ? ' (skipped: no modes)' : ''}`,
    async (mode) => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'home.pem');
      await createHomeKey(path);
      chmodSync(path, mode);
      const message = expect.stringContaining(`chmod 600 ${path}`);
      await expect(openHomeKey(path)).rejects.toThrow(
        expect.objectContaining({ code: 'home_corrupt', message }),
      );
    },
  );

  it.each([
    ['an empty file', ''],
    ['half a key', pemOf('ana').slice(0, 80)],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n'],
    ['a key of another type', rsaKey()],
    ['something large', 'x'.repeat(100_000)],
  ])('%s', async (_what, text) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'home.pem');
    writeFileSync(path, text, { mode: 0o600 });
    await expect(openHomeKey(path)).rejects.toThrow(corrupt);
  });

  it('a folder', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'home.pem');
    mkdirSync(path, { mode: 0o700 });
    await expect(openHomeKey(path)).rejects.toThrow(corrupt);
  });
});

it('opens a key that another program has made', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'home.pem');
  writeFileSync(path, pemOf('ana'), { mode: 0o600 });
  expect((await openHomeKey(path)).did).toBe(signerOf('ana').did);
});

function rsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
