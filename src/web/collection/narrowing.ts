import type { Level } from '../../core/policy/documents.ts';
import { GATE_NAMES, type GateName } from '../../core/policy/gates.ts';
import { isPurpose, type Purpose } from '../../core/policy/purposes.ts';
import { LEVELS } from './levels.ts';

/** What narrows the collection, as it stands in the address of the page. */
export interface Narrowing {
  readonly q?: string;
  readonly media?: string;
  readonly licence?: string;
  readonly collection?: string;
  readonly maker?: string;
  readonly year?: number;
  readonly level?: Level;
  readonly gate?: GateName;
  readonly eligible?: Purpose;
  /** Salted id of a work: only its parts. */
  readonly work?: string;
  /** Parts of works stand for themselves; else each work stands once. */
  readonly parts?: 'each';
}

/** The same, and how what is found is laid out. */
export interface CollectionSearch extends Narrowing {
  readonly view?: 'list';
}

const TEXTS = ['q', 'media', 'licence', 'collection', 'maker'] as const;

/** Reads what an address asks for; what it says otherwise is left aside. */
export function searchIn(search: Readonly<Record<string, unknown>>): CollectionSearch {
  const { year, level, gate, eligible, work, parts, view } = search;
  const texts = TEXTS.map((name) => [name, search[name]] as const)
    // An address may say a number, which is read as one.
    .filter(([, value]) => ['string', 'number'].includes(typeof value) && value !== '')
    .map(([name, value]) => [name, String(value)]);
  const [knownLevel, knownGate] = [
    LEVELS.find((one) => one === level),
    GATE_NAMES.find((one) => one === gate),
  ];
  return {
    ...Object.fromEntries(texts),
    ...(Number.isInteger(year) ? { year: Number(year) } : {}),
    ...(knownLevel === undefined ? {} : { level: knownLevel }),
    ...(knownGate === undefined ? {} : { gate: knownGate }),
    ...(typeof eligible === 'string' && isPurpose(eligible) ? { eligible } : {}),
    ...(typeof work === 'string' && /^[0-9a-f]{32}$/.test(work) ? { work } : {}),
    ...(parts === 'each' ? { parts } : {}),
    ...(view === 'list' ? { view } : {}),
  };
}

/** Says whether each work stands once, for all its parts that match. */
export function isByWork({ work, parts }: Narrowing): boolean {
  return work === undefined && parts === undefined;
}
