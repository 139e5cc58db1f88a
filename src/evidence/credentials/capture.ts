import type { CredentialList } from '../../core/policy/credential-list.ts';
import { GENERATIVE_SIGNALS } from './asset-rubrics.ts';
import type { CredentialState } from './credential-state.ts';
import type { IngredientTree } from './ingredient-tree.ts';
import type { Signer } from './signer.ts';

/** Assurance level at which a product's word on capture counts without the stewards' own decision. */
const LEAST_LEVEL = 2;

export interface CaptureQuestion {
  readonly state: CredentialState;
  readonly product: CredentialList['products'][number] | undefined;
  /** Signals of the active manifest, and of all manifests together. */
  readonly signals: readonly string[];
  readonly allSignals: readonly string[];
  readonly tree: IngredientTree;
  readonly ingredientFailures: readonly string[];
  readonly signer: Signer;
}

/**
 * Returns what a credential lacks to show capture from life (policy.md §2, class C), as codes; nothing
 * if it shows it. The device's own manifest must be the active one: what was edited afterwards is for
 * a reviewer to judge.
 */
export function captureLacks(question: CaptureQuestion): readonly string[] {
  const { state, product, signals, allSignals, tree, ingredientFailures, signer } = question;
  const conditions: Readonly<Record<string, boolean>> = {
    trusted: state === 'trusted',
    assurance: product !== undefined && (product.allowed || product.level >= LEAST_LEVEL),
    'capture-signal':
      signals.includes('inception:signal_capturedMedia') ||
      signals.includes('inception:signal_capturedMediaStitched'),
    'allowed-signals': !signals.some((signal) => product?.disallowed.includes(signal)),
    'no-generative-signal': !allSignals.some((signal) => GENERATIVE_SIGNALS.includes(signal)),
    'clean-ingredients':
      ingredientFailures.length === 0 && tree.withoutManifest === 0 && !tree.isCyclic,
    'trusted-time': signer.isTimeTrusted,
  };
  return Object.keys(conditions).filter((name) => conditions[name] === false);
}
