import { createHash } from 'node:crypto';
import { type Cid, CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { didFromPublicKey } from '../../src/core/entries/did-key.ts';
import { SHIPPED_POLICIES } from '../../src/core/policy/shipped.ts';
import type { BodyOf } from '../../src/core/statements/kinds.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(bytes).digest());

export const hex = (name: string): string => createHash('sha256').update(name).digest('hex');

export const assetCid = (name: string): Cid => cidFromDigest(CODEC.raw, sha256(Buffer.from(name)));

export const documentCid = (name: string): Cid =>
  cidFromDigest(CODEC.dagCbor, sha256(Buffer.from(name)));

const ORGANISATIONS = ['a', 'b', 'c', 'd'].map((name) => hex(name).slice(0, 32));
export const [ORG_A = '', ORG_B = '', ORG_C = '', ORG_D = ''] = ORGANISATIONS;

/** The commitment that deposits make to the one maker that most of them name. */
export const MAKER = hex('maker');

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
export const DIGITAL_CREATION = `${IPTC}digitalCreation`;
export const GENERATED = `${IPTC}trainedAlgorithmicMedia`;
export const SCREEN_CAPTURE = `${IPTC}screenCapture`;
export const COMPOSITE_WITH_GENERATED = `${IPTC}compositeWithTrainedAlgorithmicMedia`;

/** All that a shipped policy names. */
export const INSPECTORS: readonly string[] = [
  ...new Set(SHIPPED_POLICIES.flatMap(({ inspectors }) => inspectors)),
];

/** A valid body of every kind that says something about an asset, to change in single fields. */
export const BODIES = {
  deposit: {
    size: 1000,
    sha256: hex('bytes'),
    mediaType: 'image/svg+xml',
    licence: 'CC-BY-SA-4.0',
    source: 'npm:openmoji@17.0.0',
    collection: hex('collection').slice(0, 32),
    work: null,
    part: null,
    item: hex('item').slice(0, 32),
    makers: [MAKER],
    record: documentCid('deposit record'),
  },
  description: {
    deposit: '',
    mediaType: null,
    makers: [MAKER],
    record: documentCid('description record'),
  },
  finding: {
    findings: INSPECTORS.map((inspector) => ({
      inspector,
      version: 1,
      outcome: 'none',
      facts: {},
    })),
    record: null,
  },
  declaration: {
    digitalSourceType: DIGITAL_CREATION,
    generative: 'none',
    tools: ['inkscape'],
    makers: [MAKER],
    identity: { method: 'orcid', vouchedBy: null },
    record: null,
  },
  certification: {
    issuer: 'authors-guild',
    number: '12345',
    checkedAt: '2026-11-01T00:00:00Z',
    snapshot: hex('snapshot'),
    outcome: 'confirmed',
    record: null,
  },
  evidence: {
    class: 'process',
    method: 'layered-file',
    outcome: 'shown',
    existedBy: null,
    digests: [hex('kit')],
    expires: null,
    record: null,
  },
  custody: {
    institution: ORG_A,
    accession: '2026-11-01',
    source: 'npm:openmoji@17.0.0',
    chain: [],
    digitalSourceType: DIGITAL_CREATION,
    maker: 'living',
    makerDied: null,
    record: null,
  },
  derivation: { parent: assetCid('parent'), relation: 'derived-from', action: null },
  rendition: {
    parent: assetCid('parent'),
    recipe: 'jpeg-2048',
    tool: 'sharp',
    version: '1.0.0',
    parameters: {},
  },
  synthetic: { generator: 'comfyui', basis: 'registrant', mixed: false, record: null },
  attestation: {
    institution: ORG_A,
    items: [documentCid('items')],
    count: 1000,
    root: hex('items'),
  },
  licence: { deposit: null, licence: 'CC0-1.0', replaces: [], record: null },
  consent: {
    makers: [MAKER],
    role: 'author',
    under: null,
    purposes: { ai_generative_training: 'allow', ai_training: 'allow' },
    requesters: ['anyone'],
    territories: [],
    from: null,
    until: null,
    conditions: [],
    text: documentCid('text'),
    language: 'en',
    identity: 'orcid',
    capture: 'browser',
    legalBasis: 'consent',
    attribution: true,
    withdrawalCode: null,
    replaces: [],
    record: null,
  },
  withdrawal: { consents: [], makers: [], code: null, record: null },
  reservation: {
    protocol: 'tdmrep',
    values: { ai_generative_training: 'deny' },
    observedAt: '2026-11-01T00:00:00Z',
    by: 'source',
    record: null,
  },
  flag: { flag: 'likeness', state: 'raised', purposes: [], label: null, record: null },
  review: {
    rubric: 'drawing-1',
    outcome: 'confirmed',
    conflict: 'none',
    evidence: [],
    sample: null,
    record: null,
  },
  dispute: { reason: 'not-mine', by: 'outsider', against: [], record: null },
  hold: { reason: 'look', source: 'steward', deadline: null, record: null },
  quarantine: { reason: 'virus', tool: 'clamav', record: null },
  takedown: { reason: 'order', authority: 'court', record: null },
  resolution: { of: [], outcome: 'lifted', record: null },
  removal: { reason: 'asked', secondApprover: null, confirms: null, record: null },
  erasure: {
    records: [documentCid('deposit record')],
    reason: 'asked',
    requestedAt: '2026-11-01T00:00:00Z',
  },
  holding: {
    holder: didFromPublicKey(sha256(Buffer.from('partner b'))),
    organisation: ORG_B,
    nonce: hex('nonce').slice(0, 32),
    outcome: 'proven',
    bytes: 1000,
  },
  fixity: { outcome: 'intact', bytes: 1000 },
} as const satisfies { readonly [K in TalkedAbout]: BodyOf<K> };

type TalkedAbout =
  | 'deposit'
  | 'description'
  | 'finding'
  | 'declaration'
  | 'certification'
  | 'evidence'
  | 'custody'
  | 'derivation'
  | 'rendition'
  | 'synthetic'
  | 'attestation'
  | 'licence'
  | 'consent'
  | 'withdrawal'
  | 'reservation'
  | 'flag'
  | 'review'
  | 'dispute'
  | 'hold'
  | 'quarantine'
  | 'takedown'
  | 'resolution'
  | 'removal'
  | 'erasure'
  | 'holding'
  | 'fixity';
