import type { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { encodeJsonFile, parseJsonFile } from './canonical-json.ts';
import { type ReleaseHead, type ReleaseManifest, releaseSchemas } from './manifest.ts';
import { SEALS } from './release-files.ts';

/** Greatest size of `release.json`, in bytes: some 60,000 shards. */
export const MAX_MANIFEST_BYTES = 16_777_216;

const { manifest, head, choice } = releaseSchemas;

/** @throws {ArchiveError} `usage_invalid` naming the choice that no release can carry. */
export function checkChoice(value: z.output<typeof choice>): void {
  const [issue] = choice.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return;
  throw new ArchiveError(
    'usage_invalid',
    `this cannot be the ${issue.path.join('.')} of a release: it ${issue.message}`,
  );
}

/** @throws {ArchiveError} `release_invalid` if no manifest can begin like this. */
export function checkHead(value: ReleaseHead): void {
  const checked = head.safeParse(value);
  if (!checked.success) throw invalid(faultOf(checked.error));
}

/**
 * Returns the bytes of `release.json`: canonical JSON (RFC 8785) and a newline.
 *
 * @throws {ArchiveError} `release_invalid` if the manifest breaks the schema.
 */
export function encodeManifest(value: ReleaseManifest): Uint8Array {
  const checked = manifest.safeParse(value);
  if (!checked.success) throw invalid(faultOf(checked.error));
  const bytes = encodeJsonFile(checked.data);
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw invalid(`it would have ${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`);
  }
  return bytes;
}

/**
 * Returns what these bytes of a `release.json` say.
 *
 * @throws {ArchiveError} `release_invalid` if they are not canonical JSON of the schema, or name two
 * files alike (upper and lower case being alike on many systems).
 */
export function parseManifest(bytes: Uint8Array): ReleaseManifest {
  const read = manifest.safeParse(parseJsonFile(bytes, SEALS.manifest));
  if (!read.success) throw invalid(faultOf(read.error));
  const again = encodeJsonFile(read.data);
  if (again.length !== bytes.length || !again.every((byte, index) => byte === bytes[index])) {
    throw invalid('it is not in canonical form');
  }
  const names = [...read.data.shards.map(({ name }) => name), ...Object.keys(read.data.files)];
  names.push(...Object.values(SEALS));
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw invalid('it names two files alike');
  }
  return read.data;
}

function invalid(what: string): ArchiveError {
  return new ArchiveError('release_invalid', `${SEALS.manifest} cannot be used: ${what}`);
}
