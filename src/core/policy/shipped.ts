import type { Policy } from './documents.ts';

/** Policies that every new charter names (policy.md §7). Names say how much is shown, not what use is allowed. */

const FIRST_INSPECTORS = ['format', 'digests', 'traces', 'source-type'];
/** Where much depends on it, credentials and reservations that nobody looked for are not absent. */
const STRICT_INSPECTORS = [...FIRST_INSPECTORS, 'credentials', 'reservations'];

const common = {
  v: 1 as const,
  type: 'policy' as const,
  version: 1,
  from: null,
  until: null,
  licences: [
    'CC0-1.0',
    'CC-BY-1.0',
    'CC-BY-2.0',
    'CC-BY-2.5',
    'CC-BY-2.5-AU',
    'CC-BY-3.0',
    'CC-BY-3.0-AT',
    'CC-BY-3.0-AU',
    'CC-BY-3.0-DE',
    'CC-BY-3.0-IGO',
    'CC-BY-3.0-NL',
    'CC-BY-3.0-US',
    'CC-BY-4.0',
    'CC-BY-SA-1.0',
    'CC-BY-SA-2.0',
    'CC-BY-SA-2.0-UK',
    'CC-BY-SA-2.1-JP',
    'CC-BY-SA-2.5',
    'CC-BY-SA-3.0',
    'CC-BY-SA-3.0-AT',
    'CC-BY-SA-3.0-DE',
    'CC-BY-SA-3.0-IGO',
    'CC-BY-SA-4.0',
    'CC-PDDC',
    'https://creativecommons.org/publicdomain/mark/1.0/',
  ],
  origins: ['HUMAN_CAPTURE', 'HUMAN_DIGITISED', 'HUMAN_CREATION', 'HUMAN_EDIT', 'HUMAN_COMPOSITE'],
  cutOffs: {
    image: '2020-12-31',
    text: '2018-12-31',
    audio: '2019-12-31',
    code: '2020-12-31',
  },
} satisfies Partial<Policy>;

/** The policy that decides where none is named. */
export const DEFAULT_POLICY = 'corroborated';

export const SHIPPED_POLICIES: readonly Policy[] = [
  {
    ...common,
    name: 'corroborated',
    inspectors: FIRST_INSPECTORS,
    witnesses: 0,
    copies: 1,
    copyAgeDays: null,
    floor: 'H2',
    sampledEvidence: true,
    duplicates: 'exact',
  },
  {
    ...common,
    name: 'generative-training',
    inspectors: STRICT_INSPECTORS,
    witnesses: 1,
    copies: 2,
    copyAgeDays: 90,
    floor: 'H3',
    sampledEvidence: true,
    duplicates: 'fingerprints',
  },
  {
    ...common,
    name: 'gold',
    inspectors: STRICT_INSPECTORS,
    witnesses: 2,
    copies: 2,
    copyAgeDays: 90,
    floor: 'H4',
    sampledEvidence: false,
    duplicates: 'fingerprints',
  },
];
