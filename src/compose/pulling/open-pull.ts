import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { timestampOf } from '../../archive/now.ts';
import type { Signer } from '../../core/ports/keys.ts';
import { openOrCreateKey } from '../../ledger/keys/home-key.ts';
import { verifySignature } from '../../ledger/keys/verify-signature.ts';
import { sha256 } from '../../ledger/sha256.ts';
import type { KnownKeys } from '../../pull/known-keys.ts';
import { openDispatcher } from '../../pull/open-dispatcher.ts';
import type { PullParts } from '../../pull/parts.ts';
import { readManifest } from '../../release/read-manifest.ts';
import { withholdSamples } from '../../release/shards/withhold-samples.ts';
import { knownKeysFile } from '../files/known-keys-file.ts';
import { configFolder, readProxies } from '../settings/environment.ts';
import { type Environs, systemEnvirons } from '../system.ts';

export type OpenedPull = PullParts & {
  readonly keys: KnownKeys;
  readonly signer: Signer;
  /** The file of its key. */
  readonly keyPath: string;
} & AsyncDisposable;

/**
 * Returns what pulls go by. It takes no home: whoever pulls may have no archive. Pulls are signed by the key in
 * this file, or by one in the config folder, which is made if it is missing.
 *
 * @throws {ArchiveError} `home_corrupt` for a file that holds no such key, or that others can read.
 */
export async function openPull(
  key?: string,
  { clock, randomBytes }: Environs = systemEnvirons,
): Promise<OpenedPull> {
  const keyPath = key ?? join(configFolder(), 'pull-key.pem');
  const signer = await openOrCreateKey(keyPath);
  const dispatcher = openDispatcher(readProxies());
  return {
    ...{ signer, keyPath, dispatcher, verifySignature, sha256, clock, randomBytes },
    now: () => timestampOf(clock),
    readManifest: (release, seals) => readManifest(release, seals, verifySignature),
    withhold: withholdSamples,
    wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
    keys: knownKeysFile(join(configFolder(), 'known-keys.json')),
    // What a broken pull left under way is not waited for.
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}
