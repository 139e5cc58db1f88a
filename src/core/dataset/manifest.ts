import { z } from 'zod';
import { LEVELS } from '../policy/documents.ts';
import { RECIPES } from '../renditions/recipes.ts';
import {
  cid,
  did,
  documentCid,
  entryHash,
  hex32,
  natural,
  organisationId,
  purpose,
  requester,
  timestamp,
} from '../statements/fields.ts';

/**
 * The schema of `release.json`, the manifest of a release. `manifest-file.ts` writes and reads it,
 * `release-files.ts` names the files, `content-root.ts` says what two nodes must agree on.
 */

export const RELEASE_SPEC = 'ringfence/release/1';

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

/** Who cut a release, and of which archive: as the ledger knows them, by no person's name. */
const curator = z.strictObject({
  /** The key that signs `release.sig` and the checkpoint in `release.tlog-proof`. */
  did,
  organisation: organisationId,
  archive: z.string().max(256),
  /** `/orbitdb/zdpu…` */
  address: z.string().max(128),
});

/** Samples of one side of the split, over all configurations. */
const splitCounts = z.strictObject({ shards: natural, assets: natural, bytes: natural });

/** Files of a release beside its shards, by their names. */
const files = z.record(fileName, z.strictObject({ cid, size: natural, sha256: hex32 }));

/** The form of the name of a release. */
export const RELEASE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The form of its version. */
export const RELEASE_VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}([+-][0-9A-Za-z.+-]{1,64})?$/;

const manifest = z.strictObject({
  spec: z.literal(RELEASE_SPEC),
  name: z
    .string()
    .regex(
      RELEASE_NAME,
      'must have 1 to 64 letters, digits, ".", "_" or "-", and a letter or digit first',
    ),
  version: z.string().regex(RELEASE_VERSION, 'must have three numbers, such as 1.0.0'),
  /** When it was cut, by the curator's word. */
  created: timestamp,
  curator,
  /** The release of this name that was the newest here when this one was cut. */
  previous: cid.nullable(),
  /** Where it is served, ending in a slash; empty where that was not said. */
  url: z.union([
    z.literal(''),
    z
      .url({ protocol: /^https?$/, error: 'must be an address (http, https)' })
      .endsWith('/', 'must end in a slash')
      .max(1024, 'must have at most 1,024 characters'),
  ]),

  /** The time the verdicts are for. */
  at: timestamp,
  purpose,
  requester,
  policy: z.strictObject({ name: z.string().min(1).max(64), cid: documentCid }),
  /** The ledger entry that names the state everything was decided at; `release.tlog-proof` is of it. */
  state: entryHash,
  /** The filter that narrowed the selection; empty for everything eligible. */
  query: z.string().max(4096, 'must have at most 4,096 characters'),
  seed: z.string().max(256, 'must have at most 256 characters'),
  /** Share of makers and works that is to go to the validation split. */
  validation: z.number().min(0).lt(1),
  /** The recipe by which renditions stand for works that loaders cannot read; null without one. */
  rendition: z.enum(RECIPES.map(({ name }) => name)).nullable(),
  /** Greatest size of a shard of several assets in bytes; null where the rule chose it. */
  maxShardBytes: natural.nullable(),

  /** Names the shards and tables; equal on every node that cuts the same: `content-root.ts`. */
  contentRoot: cid,
  /** SPDX expression over the licences of all assets; each asset has its own. */
  license: z.string().min(1),
  counts: z.strictObject({
    assets: natural,
    bytes: natural,
    shards: natural,
    licences: z.record(z.string(), natural),
    levels: z.partialRecord(z.enum(LEVELS), natural),
    /** Assets whose evidence is the word of an institution that nobody else vetted. */
    selfVetted: natural,
    /** Makers who are named; "unknown" and workshops are nobody in particular. */
    makers: natural,
    /** Assets by nobody in particular. */
    unnamed: natural,
    /** Assets of the named maker who has the most. */
    largestMaker: natural,
  }),
  splits: z.partialRecord(z.enum(SPLITS), splitCounts),
  /** What the release claims and what it does not, in sentences; the card repeats them. */
  notice: z.array(z.string().min(1).max(1024)).min(1).max(16),
  shards: z.array(shard).min(1),
  /** Every other file of the directory; this one, its signature and its proof excepted. */
  files,
});

/** What is known of a release before its members are. */
const head = manifest.omit({
  contentRoot: true,
  license: true,
  counts: true,
  splits: true,
  notice: true,
  shards: true,
  files: true,
});

/** What the one who cuts a release is free to choose. */
const choice = manifest.pick({ name: true, version: true, query: true, seed: true, url: true });

export const releaseSchemas = { manifest, head, choice, files };

export type ReleaseManifest = z.output<typeof manifest>;
export type ReleaseHead = z.output<typeof head>;
export type ReleaseShard = z.output<typeof shard>;
export type ReleaseCurator = z.output<typeof curator>;
