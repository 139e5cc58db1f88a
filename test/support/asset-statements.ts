import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { toHex } from '../../src/core/hash.ts';
import type { CollectionAccess } from '../../src/core/sharing/readership.ts';
import type { Block } from '../../src/core/statements/block.ts';
import type { BodyOf } from '../../src/core/statements/kinds.ts';
import {
  commitName,
  type DepositRecord,
  encodeRecord,
  saltedId,
} from '../../src/core/statements/record.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from './memory-ledger.ts';

/** A statement with the records that it names. */
export interface Said {
  readonly statement: StatementOutline;
  readonly records: readonly Block[];
}

export const AT = '2026-11-22T12:00:00Z';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Returns the CID that a small file with this text has. */
export function assetOf(text: string | number): Cid {
  return cidFromDigest(CODEC.raw, sha256(bytesOf(`asset ${text}`)));
}

function saltOf(text: string): Uint8Array {
  return Uint8Array.from(sha256(bytesOf(`salt ${text}`)).subarray(0, 16));
}

export function collectionId(name: string): string {
  return saltedId(name, saltOf(name), sha256);
}

export function itemId(name: string): string {
  return saltedId(name, saltOf('item'), sha256);
}

export function depositRecord(
  words: Partial<Omit<DepositRecord, 'type' | 'makers'>> & { readonly makers?: readonly string[] },
): DepositRecord {
  return {
    type: 'deposit',
    title: '',
    filename: '',
    dateText: '',
    earliest: '',
    latest: '',
    source: '',
    notes: '',
    tags: [],
    language: '',
    catalogue: '',
    ...words,
    makers: (words.makers ?? []).map((name) => ({ name, salt: saltOf(name) })),
  };
}

/** Returns a deposit with its record; what is not given follows from the asset. */
export function deposit(
  asset: Cid,
  words: Parameters<typeof depositRecord>[0],
  body: Partial<BodyOf<'deposit'>> = {},
): Said {
  const data = depositRecord(words);
  const record = encodeRecord(data, saltOf(`${asset} ${JSON.stringify(words)}`), sha256);
  return {
    statement: createStatement('deposit', { asset }, AT, {
      size: 20_000,
      sha256: toHex(sha256(bytesOf(asset))),
      mediaType: 'image/png',
      licence: 'CC-BY-4.0',
      source: 'npm:example@1.0.0',
      collection: collectionId('prints'),
      work: null,
      part: null,
      item: itemId(`${asset} ${words.filename}`),
      makers: data.makers.map(({ name, salt }) => commitName(name, salt, sha256)),
      record: record.cid,
      ...body,
    }),
    records: [record],
  };
}

export function description(
  asset: Cid,
  depositId: string,
  words: Parameters<typeof depositRecord>[0],
  mediaType: string | null = null,
): Said {
  const data = depositRecord(words);
  const record = encodeRecord(data, saltOf(`${depositId} ${JSON.stringify(words)}`), sha256);
  return {
    statement: createStatement('description', { asset }, AT, {
      deposit: depositId,
      mediaType,
      makers: data.makers.map(({ name, salt }) => commitName(name, salt, sha256)),
      record: record.cid,
    }),
    records: [record],
  };
}

/** Returns the findings of all inspectors that the shipped policies name. */
export function findings(
  asset: Cid,
  seen: {
    readonly generator?: string;
    readonly digitalSourceTypes?: readonly string[];
    readonly mediaType?: string;
    readonly size?: { readonly width: number; readonly height: number };
  } = {},
): Said {
  const { generator, digitalSourceTypes, mediaType = 'image/png', size } = seen;
  return {
    statement: createStatement('finding', { asset }, AT, {
      findings: [
        { inspector: 'format', version: 1, outcome: 'found', facts: { mediaType, ...size } },
        {
          inspector: 'digests',
          version: 1,
          outcome: 'found',
          facts: { sha256: toHex(sha256(bytesOf(asset))), size: 20_000 },
        },
        {
          inspector: 'traces',
          version: 1,
          outcome: generator === undefined ? 'none' : 'found',
          facts: generator === undefined ? {} : { proves: 'generated', generator },
        },
        {
          inspector: 'source-type',
          version: 1,
          outcome: digitalSourceTypes === undefined ? 'none' : 'found',
          facts: digitalSourceTypes === undefined ? {} : { digitalSourceTypes },
        },
      ],
      record: null,
    }),
    records: [],
  };
}

/** Returns the statement that gives a collection its name, and says who may read it. */
export function naming(
  name: string,
  visibility: CollectionAccess['visibility'] = 'organisation',
): Said {
  const record = encodeRecord({ type: 'name', name, salt: saltOf(name) }, saltOf(name), sha256);
  return {
    statement: createStatement('collection', null, AT, {
      collection: collectionId(name),
      visibility,
      readers: [],
      record: record.cid,
    }),
    records: [record],
  };
}

export function custodyBody(institution: string): BodyOf<'custody'> {
  return {
    institution,
    accession: '2026-11-22',
    source: null,
    chain: [],
    digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation',
    maker: 'living',
    makerDied: null,
    record: null,
  };
}

/** Returns what one entry says, ready to be appended. */
export function saying(said: readonly Said[]): {
  readonly statements: readonly StatementOutline[];
  readonly records: readonly Block[];
} {
  return {
    statements: said.map(({ statement }) => statement),
    records: said.flatMap(({ records }) => records),
  };
}

/** Returns the commitments that a deposit makes to its makers. */
export function makersOf({ statement }: Said): string[] {
  // The schema of `deposit` says that they are strings.
  return [...(statement.body['makers'] as readonly string[])];
}

/** Returns a consent of these makers to generative training by anyone, seen on paper by a steward. */
export function consentBody(
  makers: readonly string[],
  terms: Partial<Pick<BodyOf<'consent'>, 'from' | 'until'>> = {},
): BodyOf<'consent'> {
  return {
    makers: [...makers],
    role: 'author',
    under: null,
    purposes: { ai_generative_training: 'allow' },
    requesters: ['anyone'],
    territories: [],
    from: null,
    until: null,
    conditions: [],
    text: cidFromDigest(CODEC.dagCbor, sha256(bytesOf('the text that was shown'))),
    language: 'en',
    identity: 'steward',
    capture: 'paper',
    legalBasis: 'consent',
    attribution: true,
    withdrawalCode: null,
    replaces: [],
    record: null,
    ...terms,
  };
}
