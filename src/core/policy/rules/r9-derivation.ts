import { ownTaint } from '../origin.ts';
import { joinTaints, type Taint, taintThrough } from '../taint.ts';
import { type Case, fails, type Outcome, passes } from './outcome.ts';

const WORDS: Readonly<Record<Taint, string>> = {
  CLEAN: 'nothing generated',
  UNKNOWN: 'a work whose making is not shown',
  MIXED: 'partly generated work',
  SYNTHETIC: 'generated work',
};

/**
 * R9: does it stem from generated work? What is merely not shown about the asset itself is R7's.
 */
export function derivationRule({ input, origin }: Case): Outcome {
  const entries = input.derivations.map(({ ref }) => ref);
  let worst: Taint = 'CLEAN';
  let derivation = -1;
  input.derivations.forEach(({ relation, parent }, place) => {
    const taint = taintThrough(relation, parent);
    if (joinTaints(worst, taint) === worst) return;
    worst = taint;
    derivation = place;
  });
  if (derivation >= 0) {
    const ref = entries[derivation];
    const used = ref === undefined ? entries : [ref];
    return { ...fails('E_TAINT', `It stems from ${WORDS[worst]}.`, used), derivation };
  }
  const own = ownTaint(input);
  if (own === 'MIXED' || own === 'SYNTHETIC') {
    const said = origin.by.map(({ ref }) => ref);
    const registered = input.registrations.map(({ ref }) => ref);
    return fails('E_TAINT', `It is itself said to be ${WORDS[own]}.`, [...said, ...registered]);
  }
  if (input.untold.length > 0) {
    const text =
      'Its Content Credentials leave open what went into it, or what a program made of that.';
    return fails('E_TAINT', text, input.untold);
  }
  const text =
    entries.length === 0
      ? 'It is not recorded as made from another work.'
      : 'Nothing that it was made from is generated.';
  return passes(text, entries);
}
