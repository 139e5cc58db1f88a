import type { ConsentInput, DecisionInput, DepositInput, Ref } from './input.ts';
import type { Question } from './question.ts';

/** What is asked of consents: whatever the policy. */
type Use = Omit<Question, 'policy'>;

/** What one maker's consents say about a use. */
export type Standing = 'granted' | 'withdrawn' | 'unchained' | 'out-of-scope' | 'none';

/** Where several consents fail, the one that says most is told. */
const TELLING: readonly Standing[] = ['granted', 'withdrawn', 'unchained', 'out-of-scope', 'none'];

/** Says whether a consent, with all that it is made under, grants this use now. */
function grants(consent: ConsentInput, input: DecisionInput, question: Use): boolean {
  return standingOf(consent, input, question) === 'granted';
}

/** Returns the best that a maker's consents say, with the consents and withdrawals that say it. */
export function standingOfMaker(
  maker: number,
  input: DecisionInput,
  question: Use,
): { readonly standing: Standing; readonly refs: readonly Ref[] } {
  let standing: Standing = 'none';
  let refs: Ref[] = [];
  for (const consent of input.consents) {
    if (!consent.makers.includes(maker)) continue;
    const found = standingOf(consent, input, question);
    const order = TELLING.indexOf(found) - TELLING.indexOf(standing);
    if (order < 0) refs = [];
    if (order > 0) continue;
    standing = found;
    refs.push(consent.ref, ...consent.withdrawnBy);
  }
  return { standing, refs };
}

/**
 * Says whether every maker of every deposit consents, by consents that fulfil `also`, with all that they
 * are made under: nobody grants more than was granted to them.
 */
export function everyMakerGrants(
  input: DecisionInput,
  question: Use,
  also: (consent: ConsentInput) => boolean,
): { readonly isGranted: boolean; readonly refs: readonly Ref[] } {
  const isFulfilled = (consent: ConsentInput): boolean => {
    let one: ConsentInput | undefined = consent;
    // What grants has a chain with an end.
    while (one !== undefined && also(one))
      one = one.under === null ? undefined : input.consents[one.under];
    return one === undefined;
  };
  const granting = input.consents.filter(
    (consent) => grants(consent, input, question) && isFulfilled(consent),
  );
  const isNamed = (maker: number) => granting.some(({ makers }) => makers.includes(maker));
  const isGranted =
    input.deposits.length > 0 &&
    input.deposits.every(({ makers }: DepositInput) => makers.length > 0 && makers.every(isNamed));
  return { isGranted, refs: granting.map(({ ref }) => ref) };
}

/** Says whether a maker's refusal was taken back by a consent of the same makers. */
export function isReplaced(consent: ConsentInput, input: DecisionInput): boolean {
  return consent.replacedBy.some((place) => {
    const later = input.consents[place];
    return (
      later?.isChained === true && consent.makers.every((maker) => later.makers.includes(maker))
    );
  });
}

/**
 * A consent that is made under others grants only what all of them grant. They are gone through in a
 * loop, so that a chain of any length, or one that bites its tail, has the same answer everywhere.
 */
function standingOf(consent: ConsentInput, input: DecisionInput, question: Use): Standing {
  const own = ownStanding(consent, question);
  if (own !== 'granted') return own;
  const passed = new Set<number>();
  for (let under = consent.under; under !== null; ) {
    const above = input.consents[under];
    if (above === undefined || passed.has(under)) return 'unchained';
    passed.add(under);
    const standing = ownStanding(above, question);
    if (standing === 'withdrawn') return standing;
    if (standing !== 'granted') return 'unchained';
    under = above.under;
  }
  return 'granted';
}

function ownStanding(consent: ConsentInput, question: Use): Standing {
  const permission = consent.purposes[question.purpose];
  if (permission === undefined || permission === 'deny') return 'out-of-scope';
  if (!consent.isChained) return 'unchained';
  if (consent.withdrawnBy.length > 0) return 'withdrawn';
  if (consent.replacedBy.length > 0) return 'none';
  return isInScope(consent, question) ? 'granted' : 'out-of-scope';
}

/** Says whether a consent is for this requester, everywhere, and at this time. */
export function isInScope(consent: ConsentInput, { requester, at }: Use): boolean {
  return (
    (consent.requesters.includes('anyone') || consent.requesters.includes(requester)) &&
    consent.isEverywhere &&
    (consent.from === null || consent.from <= at) &&
    (consent.until === null || at < consent.until)
  );
}
