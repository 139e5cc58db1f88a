/**
 * IPTC Digital Source Type (scheme `http://cv.iptc.org/newscodes/digitalsourcetype/`, release
 * 2024-10-23) and the two terms that C2PA added, each with what it says about origin.
 */

/** What a digital source type says about how a thing came to be. */
export type OriginClass =
  | 'HUMAN_CAPTURE'
  | 'HUMAN_DIGITISED'
  | 'HUMAN_CREATION'
  | 'HUMAN_EDIT'
  | 'HUMAN_COMPOSITE'
  | 'NO_CLAIM'
  | 'UNKNOWN'
  | 'ALGORITHMIC'
  | 'MIXED'
  | 'SYNTHETIC';

export interface SourceType {
  readonly uri: string;
  readonly class: OriginClass;
  /** Retired terms are read, never written. */
  readonly retired: boolean;
}

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const C2PA = 'http://c2pa.org/digitalsourcetype/';

const IPTC_TERMS: Readonly<Record<string, OriginClass>> = {
  digitalCapture: 'HUMAN_CAPTURE',
  computationalCapture: 'HUMAN_CAPTURE',
  negativeFilm: 'HUMAN_DIGITISED',
  positiveFilm: 'HUMAN_DIGITISED',
  print: 'HUMAN_DIGITISED',
  humanEdits: 'HUMAN_EDIT',
  digitalCreation: 'HUMAN_CREATION',
  dataDrivenMedia: 'ALGORITHMIC',
  algorithmicMedia: 'ALGORITHMIC',
  algorithmicallyEnhanced: 'UNKNOWN',
  compositeCapture: 'HUMAN_COMPOSITE',
  composite: 'UNKNOWN',
  screenCapture: 'UNKNOWN',
  virtualRecording: 'UNKNOWN',
  compositeSynthetic: 'MIXED',
  compositeWithTrainedAlgorithmicMedia: 'MIXED',
  trainedAlgorithmicMedia: 'SYNTHETIC',
};

const RETIRED_TERMS: Readonly<Record<string, OriginClass>> = {
  softwareImage: 'UNKNOWN',
  minorHumanEdits: 'HUMAN_EDIT',
  digitalArt: 'UNKNOWN',
};

const C2PA_TERMS: Readonly<Record<string, OriginClass>> = {
  empty: 'NO_CLAIM',
  trainedAlgorithmicData: 'SYNTHETIC',
};

/** The closed list: 17 live terms, 3 retired ones, 2 of C2PA. */
export const SOURCE_TYPES: readonly SourceType[] = [
  ...terms(IPTC, IPTC_TERMS, false),
  ...terms(IPTC, RETIRED_TERMS, true),
  ...terms(C2PA, C2PA_TERMS, false),
];

const BY_KEY = new Map(SOURCE_TYPES.map((type) => [keyOf(type.uri), type]));

/**
 * Returns the term that `text` names, or undefined if it is none of the list.
 *
 * Reads `http` and `https`, any letter case, a trailing slash, and the QCode form `digsrctype:TERM`.
 */
export function parseSourceType(text: string): SourceType | undefined {
  const trimmed = text.trim();
  const uri = trimmed.replace(/^digsrctype:/i, IPTC);
  return BY_KEY.get(keyOf(uri));
}

function terms(
  scheme: string,
  list: Readonly<Record<string, OriginClass>>,
  retired: boolean,
): SourceType[] {
  return Object.entries(list).map(([name, originClass]) => ({
    uri: scheme + name,
    class: originClass,
    retired,
  }));
}

function keyOf(uri: string): string {
  return uri
    .toLowerCase()
    .replace(/^https:/, 'http:')
    .replace(/\/+$/, '');
}
