import { expect } from 'vitest';

/** A fact that an inspector is to report. */
export interface ExpectedFact {
  readonly inspector: string;
  readonly fact: string;
  readonly should: unknown;
}

type Reading = (match: readonly string[]) => readonly [string, string, unknown];

const STATE = (should: string): Reading => {
  return () => ['credentials', 'credential', should];
};
const GENERATOR = (should: string): Reading => {
  return () => ['traces', 'generator', should];
};

/** What the words of SOURCES.tsv mean, for inspectors that trust the test roots. */
const READINGS: readonly (readonly [RegExp, Reading])[] = [
  [/expected valid|trusted with|^update manifest/, STATE('trusted')],
  // Of these the signer, or that of an ingredient, is not of the test roots.
  [/^\d manifests|^Adobe Firefly|^Amazon Titan|cawg\.identity/, STATE('valid')],
  [/invalid|dataHash\.mismatch|bmffHash\.mismatch/, STATE('tampered')],
  [/expired credential/, STATE('unestablished')],
  [/^no credentials/, STATE('none')],
  [/^remote manifest|^stand-alone manifest/, STATE('unresolvable')],
  [/^generator: (\w+)/, ([, name = '']) => ['traces', 'generator', name.toLowerCase()]],
  [/Firefly/, GENERATOR('adobe-firefly')],
  [/Amazon Titan/, GENERATOR('amazon-titan')],
  [/imitation of the vendor marker/, GENERATOR('google-ai')],
  [/^none[ ;]/, () => ['source-type', 'digitalSourceTypes', []]],
  [
    /\b(trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia|digitalCapture)\b/,
    ([, term]) => {
      const uri = `http://cv.iptc.org/newscodes/digitalsourcetype/${term}`;
      return ['source-type', 'digitalSourceTypes', expect.arrayContaining([uri])];
    },
  ],
  [
    /cawg\.training-mining/,
    () => [
      'credentials',
      'trainingMining',
      expect.objectContaining({ 'cawg.ai_generative_training': 'notAllowed' }),
    ],
  ],
  [/plus:DataMining = (\S+)/, ([, word]) => ['metadata', 'dataMining', word]],
];

/** Rows that expect no fact of one file: of several files, of none, or only an answer. */
const APART =
  /^$|^public test root|^EKU list|^malformed on purpose|^empty or unusual|^EXIF as observed|^all six are versions|^unrelated photos|^the same image/;

/** Reads the last column of SOURCES.tsv; undefined if it says something that is not understood. */
export function expectedFacts(words: string): readonly ExpectedFact[] | undefined {
  const facts = READINGS.flatMap(([pattern, reading]) => {
    const match = pattern.exec(words);
    if (match === null) return [];
    const [inspector, fact, should] = reading(match);
    return [{ inspector, fact, should }];
  });
  return facts.length > 0 || APART.test(words) ? facts : undefined;
}
