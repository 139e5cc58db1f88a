import type { NamedCredentialList } from '../../core/policy/credential-list.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { integrityOf, signalsOf } from './asset-rubrics.ts';
import { captureLacks } from './capture.ts';
import { codeList } from './code-list.ts';
import { actionsOf, assertionsOf, type Manifest, manifestsIn, textAt } from './cr-json.ts';
import { credentialState } from './credential-state.ts';
import { type Ingredient, ingredientTree, manifestDigest } from './ingredient-tree.ts';
import { productOf, type Signer, signerOf } from './signer.ts';
import { sourceTypesIn } from './source-types-in.ts';
import { trainingMiningOf } from './training-mining.ts';
import type { ValidatorReport } from './validator.ts';
import { isFoundInSigners } from './validator-settings.ts';

const MOST_CODES = 64;
const MOST_TITLES = 64;

/** What is known of a credential once it was validated. */
export interface CredentialFacts {
  readonly facts: Finding['facts'] & { readonly credential: string };
  /** Free text of the active manifest. */
  readonly texts: readonly (readonly [where: string, text: string])[];
}

/** Returns the facts of a validated credential, from all manifests of its store. */
export function credentialFacts(
  { report, crJson }: ValidatorReport,
  carrier: 'embedded' | 'sidecar',
  trust: NamedCredentialList | undefined,
): CredentialFacts {
  const manifests = manifestsIn(crJson);
  const [active] = manifests;
  const validated = String((JSON.parse(report) as Record<string, unknown>)['validation_state']);
  const failures = active?.failures ?? [];
  const ingredientFailures = codesOf(manifests.flatMap((one) => ingredientFailuresOf(one, active)));
  const isListed =
    active?.successes.some(
      ({ code, explanation }) =>
        code === 'signingCredential.trusted' && isFoundInSigners(explanation),
    ) ?? false;
  const isSidecar = carrier === 'sidecar';
  const state = credentialState({ validated, failures, ingredientFailures, isListed, isSidecar });
  const signer = active === undefined ? NOBODY : signerOf(active);
  const product = productOf(signer, trust?.list.products ?? []);
  const signals = active === undefined ? [] : signalsOf(active);
  const allSignals = codesOf(manifests.flatMap(signalsOf));
  const tree = ingredientTree(manifests);
  const types = sourceTypesIn(manifests);
  const lacks = captureLacks({
    state,
    product,
    signals,
    allSignals,
    tree,
    ingredientFailures,
    signer,
  });
  return {
    facts: {
      credential: state,
      carrier,
      codes: codesOf(failures),
      digitalSourceTypes: types.uris,
      unknownSourceTypes: types.unknown,
      trainingMining: trainingMiningOf(manifests),
      manifests: manifests.length,
      manifest: active === undefined ? null : manifestDigest(active),
      ingredients: {
        count: tree.ingredients,
        depth: tree.depth,
        withoutManifest: tree.withoutManifest,
        cyclic: tree.isCyclic,
        failures: ingredientFailures,
        own: tree.own.map(toFacts),
        cut: tree.isCut,
      },
      actions: codesOf(manifests.flatMap((one) => [...actionsOf(one)].map(actionCode))),
      softBinding: manifests.some((one) => [...assertionsOf(one, 'c2pa.soft-binding')].length > 0),
      signals,
      integrity: active === undefined ? [] : integrityOf(active),
      signer: { serial: signer.serial, listed: isListed },
      signedAt: signer.signedAt,
      timeTrusted: signer.isTimeTrusted,
      product: product === undefined ? null : { id: product.id, level: product.level },
      capture: { shown: lacks.length === 0, lacks },
      trustList: trust?.cid ?? null,
    },
    texts: [
      ['signer', [signer.organisation, signer.name].filter((part) => part !== '').join(', ')],
      ['claim-generator', active === undefined ? '' : generatorOf(active)],
      ...tree.titles.slice(0, MOST_TITLES).map(({ where, title }) => [where, title] as const),
    ],
  };
}

const NOBODY: Signer = {
  organisation: '',
  name: '',
  serial: null,
  signedAt: null,
  isTimeTrusted: false,
};

function toFacts({ ingredients, ...ingredient }: Ingredient): Finding['facts'] {
  return { ...ingredient, ingredients: ingredients.map(toFacts) };
}

/** What a manifest says of its ingredients, and what was found of the ingredients' own manifests. */
function ingredientFailuresOf(manifest: Manifest, active: Manifest | undefined): readonly string[] {
  return manifest === active
    ? manifest.ingredientFailures
    : [...manifest.failures, ...manifest.ingredientFailures];
}

function generatorOf({ claim }: Manifest): string {
  const info = claim['claim_generator_info'];
  return textAt(claim, 'claim_generator') || (info === undefined ? '' : JSON.stringify(info));
}

/** Actions of vendors are free text. */
function actionCode(action: Parameters<typeof textAt>[0]): string {
  const name = textAt(action, 'action');
  return name.startsWith('c2pa.') ? name : 'other';
}

function codesOf(list: readonly string[]): readonly string[] {
  return codeList(list, MOST_CODES);
}
