import { parseSourceType } from '../../core/policy/source-types.ts';
import { assertionsOf, type JsonMap, listAt, type Manifest, mapOf, textAt } from './cr-json.ts';

/**
 * The C2PA Asset Rubrics 1.0 (6 August 2026): what one manifest says of its making, and how sound it
 * is. Each predicate has the id of the published expression, which looks at one manifest; whoever asks
 * about a file asks about every manifest of its tree.
 */

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const C2PA = 'http://c2pa.org/digitalsourcetype/';

const INCEPTION = new Set(['c2pa.created', 'c2pa.opened']);
const NON_EDITORIAL = new Set([
  'c2pa.converted',
  'c2pa.published',
  'c2pa.repackaged',
  'c2pa.transcoded',
  'c2pa.resized.proportional',
  'c2pa.enhanced',
  'c2pa.edited.metadata',
  'c2pa.watermarked',
  'c2pa.watermarked.bound',
  'c2pa.watermarked.unbound',
  'c2pa.redacted',
]);
const GENERATED = new Set([
  `${IPTC}trainedAlgorithmicMedia`,
  `${IPTC}compositeWithTrainedAlgorithmicMedia`,
  `${IPTC}compositeSynthetic`,
  `${C2PA}trainedAlgorithmicData`,
]);
const POSSIBLY_GENERATED = new Set([`${IPTC}digitalArt`, `${IPTC}composite`]);

/** Signals that say, or leave open, that a model took part. */
export const GENERATIVE_SIGNALS: readonly string[] = [
  'inception:signal_fullyGenAIMedia',
  'inception:signal_partlyGenAICreation',
  'inception:signal_compositionMayContainGenAI',
  'inception:signal_screenCaptureMayContainGenAI',
  'inception:signal_mediaUnknownProvenance',
  'transformation:signal_perceptibleGenAI',
  'transformation:signal_perceptiblePossiblyGenAI',
  'transformation:signal_ambiguousActions',
];

/** Asset Signals Rubric (Local). */
const SIGNALS: Readonly<Record<string, (manifest: Manifest) => boolean>> = {
  'inception:signal_blankCanvas': begunAs(`${C2PA}empty`),
  'inception:signal_capturedMedia': begunAs(`${IPTC}digitalCapture`, `${IPTC}computationalCapture`),
  'inception:signal_capturedMediaStitched': begunAs(`${IPTC}compositeCapture`),
  'inception:signal_compositionMayContainGenAI': begunAs(`${IPTC}composite`),
  'inception:signal_fullyGenAIMedia': begunAs(`${IPTC}trainedAlgorithmicMedia`),
  'inception:signal_mediaUnknownProvenance': (manifest) =>
    [...assertionsOf(manifest, 'c2pa.ingredient.v3')].some(
      (ingredient) => ingredient['activeManifest'] == null,
    ),
  'inception:signal_nonGenAIDigitalCreation': begunAs(`${IPTC}digitalCreation`),
  'inception:signal_partlyGenAICreation': begunAs(`${IPTC}compositeWithTrainedAlgorithmicMedia`),
  'inception:signal_screenCaptureMayContainGenAI': begunAs(`${IPTC}screenCapture`),
  'transformation:signal_ambiguousActions': isAmbiguous,
  'transformation:signal_nonEditorial': (manifest) =>
    actionsV2(manifest).some((action) => NON_EDITORIAL.has(nameOf(action))),
  'transformation:signal_perceptibleGenAI': perceptible((type) => GENERATED.has(type)),
  'transformation:signal_perceptibleNonGenAI': perceptible(
    (type) => type !== '' && !GENERATED.has(type),
  ),
  'transformation:signal_perceptiblePossiblyGenAI': perceptible((type) =>
    POSSIBLY_GENERATED.has(type),
  ),
};

/** Asset Integrity Rubric: the codes whose presence fails each of its statements. */
const INTEGRITY: Readonly<Record<string, RegExp>> = {
  'validation:well_formed_success':
    /\.malformed$|^assertion\.(external-reference\.(labelMismatch|created)|alternativeContentRepresentation\.missing|cbor\.invalid|json\.invalid|boxesHash\.unknownBox|multipleHardBindings)$|^claim\.(cbor\.invalid|hardBindings\.missing|missing|multiple)$|^(hashedURI|ingredient\.manifest)\.missing$|^manifest\.(compressed\.invalid|inaccessible|multipleParents|html\.|structuredText\.|timestamp\.|update\.)/,
  'validation:valid_success':
    /^assertion\.(action\.(ingredientMismatch|redactionMismatch)|\w+Hash\.mismatch|hashedURI\.mismatch|(external-reference|alternativeContentRepresentation)\.hashMismatch|hardBinding\.redacted)$|^hashedURI\.mismatch$|^ingredient\.(manifest|claimSignature)\.mismatch$|^(ingredient\.)?claimSignature\.missing$/,
  'validation:trusted_success':
    /^claimSignature\.(mismatch|outsideValidity)$|^signingCredential\.(invalid|untrusted|ocsp\.revoked)$/,
};

/** Returns the ids of the signals that a manifest gives, sorted. */
export function signalsOf(manifest: Manifest): readonly string[] {
  return Object.entries(SIGNALS).flatMap(([id, isGiven]) => (isGiven(manifest) ? [id] : []));
}

/** Returns the ids of the statements about soundness that hold for a manifest, sorted. */
export function integrityOf({ failures }: Pick<Manifest, 'failures'>): readonly string[] {
  const holding = Object.entries(INTEGRITY).filter(
    ([, failing]) => !failures.some((code) => failing.test(code)),
  );
  return holding.map(([id]) => id).sort();
}

function begunAs(...types: readonly string[]): (manifest: Manifest) => boolean {
  return (manifest) =>
    actionsV2(manifest).some(
      (action) => INCEPTION.has(nameOf(action)) && types.includes(typeOf(action)),
    );
}

function perceptible(isType: (type: string) => boolean): (manifest: Manifest) => boolean {
  return (manifest) =>
    actionsV2(manifest).some((action) => {
      const name = nameOf(action);
      if (name === '' || INCEPTION.has(name) || NON_EDITORIAL.has(name)) return false;
      return isType(typeOf(action));
    });
}

function isAmbiguous(manifest: Manifest): boolean {
  const actions = actionsV2(manifest);
  const names = actions.map(nameOf).filter((name) => name !== '');
  const assertions = [...assertionsOf(manifest, 'c2pa.actions.v2')];
  return (
    actions.length === 0 ||
    assertions.some((assertion) => assertion['allActionsIncluded'] !== true) ||
    names.some((name) => !name.startsWith('c2pa.') || name === 'c2pa.unknown') ||
    listAt(manifest.claim, 'gathered_assertions').some((gathered) =>
      textAt(mapOf(gathered), 'url').includes('c2pa.actions'),
    )
  );
}

function actionsV2(manifest: Manifest): readonly JsonMap[] {
  return [...assertionsOf(manifest, 'c2pa.actions.v2')].flatMap((assertion) =>
    listAt(assertion, 'actions').map(mapOf),
  );
}

function nameOf(action: JsonMap): string {
  return textAt(action, 'action');
}

/** Spellings of one term are one; an unknown one stays as it is. */
function typeOf(action: JsonMap): string {
  const text = textAt(action, 'digitalSourceType');
  return parseSourceType(text)?.uri ?? text;
}
