import { z } from 'zod';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { LEVELS } from '../policy/documents.ts';
import {
  cid,
  documentCid,
  entryHash,
  hex32,
  natural,
  purpose,
  requester,
  timestamp,
} from '../statements/fields.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a release says of itself in `release.json`. */

export const RELEASE_SPEC = 'ringfence/release/1';

/** Greatest size of `release.json`, in bytes: some 60,000 shards. */
export const MAX_MANIFEST_BYTES = 16_777_216;

/** A file name that no system reads as anything but a file of that name in that folder. */
const fileName = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/)
  .refine(
    (name) => !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name),
    'is the name of a device on Windows',
  );

export const SPLITS = ['train', 'validation'] as const;
export type Split = (typeof SPLITS)[number];

const shard = z.strictObject({
  name: fileName,
  cid,
  size: natural,
  sha256: hex32,
  samples: natural,
  /** Bytes of the blocks that the shard adds to its assets: headers, sidecars, padding and nodes. */
  glueBytes: natural,
  /** Shards of one configuration hold one extension and load together. */
  config: z.string().regex(/^[a-z]+-[a-z0-9]+$/),
  split: z.enum(SPLITS),
});

const manifest = z.strictObject({
  spec: z.literal(RELEASE_SPEC),
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'must have 1 to 64 letters, digits, ".", "_" or "-", and a letter or digit first',
    ),
  version: z
    .string()
    .regex(
      /^\d{1,9}\.\d{1,9}\.\d{1,9}([+-][0-9A-Za-z.+-]{1,64})?$/,
      'must have three numbers, such as 1.0.0',
    ),
  /** The time the verdicts are for; the cut itself leaves no trace of when it was run. */
  at: timestamp,
  purpose,
  requester,
  policy: z.strictObject({ name: z.string().min(1).max(64), cid: documentCid }),
  /** The ledger entry that names the state everything was decided at. */
  state: entryHash,
  /** The filter that narrowed the selection; empty for everything eligible. */
  query: z.string().max(4096, 'must have at most 4,096 characters'),
  seed: z.string().max(256, 'must have at most 256 characters'),
  /** Share of works that went to the validation split. */
  validation: z.number().min(0).lt(1),
  /** Greatest size of a shard of several assets in bytes; null where the rule chose it. */
  maxShardBytes: natural.nullable(),
  counts: z.strictObject({
    assets: natural,
    bytes: natural,
    shards: natural,
    licences: z.record(z.string(), natural),
    levels: z.partialRecord(z.enum(LEVELS), natural),
    /** Assets whose evidence is the word of an institution that nobody else vetted. */
    selfVetted: natural,
  }),
  /** What the release claims and what it does not, in sentences; the card repeats them. */
  notice: z.array(z.string().min(1).max(1024)).min(1).max(16),
  shards: z.array(shard).min(1),
  /** Every other file of the directory, this one excepted. */
  files: z.record(fileName, z.strictObject({ cid, size: natural, sha256: hex32 })),
});

/** What is known of a release before its members are. */
const head = manifest.omit({ counts: true, notice: true, shards: true, files: true });

export type ReleaseManifest = z.output<typeof manifest>;
export type ReleaseHead = z.output<typeof head>;
export type ReleaseShard = z.output<typeof shard>;

/** What the one who cuts a release is free to choose. */
const choice = manifest.pick({ name: true, version: true, query: true, seed: true });

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
  const bytes = new TextEncoder().encode(`${canonicalJson(checked.data)}\n`);
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
  const read = manifest.safeParse(parseJson(bytes));
  if (!read.success) throw invalid(faultOf(read.error));
  const again = new TextEncoder().encode(`${canonicalJson(read.data)}\n`);
  if (again.length !== bytes.length || !again.every((byte, index) => byte === bytes[index])) {
    throw invalid('it is not in canonical form');
  }
  const names = [...read.data.shards.map(({ name }) => name), ...Object.keys(read.data.files)];
  names.push('release.json');
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw invalid('it names two files alike');
  }
  return read.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ArchiveError('release_invalid', 'release.json is not JSON', { cause });
  }
}

function invalid(what: string): ArchiveError {
  return new ArchiveError('release_invalid', `release.json cannot be used: ${what}`);
}
