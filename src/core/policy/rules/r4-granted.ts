import type { ReasonCode } from '../codes.ts';
import { type Standing, standingOfMaker } from '../grants.ts';
import type { DepositInput } from '../input.ts';
import { dutiesOf, isAllowedBy } from '../licences.ts';
import { type Case, fails, type Outcome, passes } from './outcome.ts';

/**
 * R4: does a licence or every named maker allow this use, for every deposit of the same bytes?
 *
 * A maker who consented and took it back has said no, whatever a licence says.
 */
export function grantedRule(given: Case): Outcome {
  const { deposits } = given.input;
  const answers = deposits.map((deposit) => depositAnswer(deposit, given));
  if (answers.length === 0)
    return fails('E_NO_GRANT', 'There is no deposit that says who allows what.');
  const entries = answers.flatMap((answer) => answer.entries);
  const refused = ORDER.map((code) => answers.find((answer) => answer.code === code)).find(
    (answer) => answer !== undefined,
  );
  if (refused !== undefined && refused.code !== null) {
    return fails(refused.code, refused.text, refused.entries);
  }
  return passes([...new Set(answers.map(({ text }) => text))].sort().join(' '), entries);
}

const ORDER: readonly ReasonCode[] = ['E_WITHDRAWN', 'E_CHAIN', 'E_GRANT_SCOPE', 'E_NO_GRANT'];

const REFUSALS: Readonly<Record<Exclude<Standing, 'granted'>, readonly [ReasonCode, string]>> = {
  withdrawn: ['E_WITHDRAWN', 'A maker has withdrawn consent to this use.'],
  unchained: [
    'E_CHAIN',
    'A consent is not tied to the named maker, or to the grant it was made under.',
  ],
  'out-of-scope': [
    'E_GRANT_SCOPE',
    'A consent is there, but not for this purpose, this requester, everywhere and at this time.',
  ],
  none: ['E_NO_GRANT', 'No licence in the table of the policy and no consent allows this use.'],
};

function depositAnswer(deposit: DepositInput, { input, question }: Case): Outcome {
  const asked = deposit.makers.map((maker) => standingOfMaker(maker, input, question));
  const consents = asked.flatMap(({ refs }) => refs);
  const withdrawn = asked.filter(({ standing }) => standing === 'withdrawn');
  if (withdrawn.length > 0) {
    const [code, text] = REFUSALS.withdrawn;
    return fails(code, text, [deposit.ref, ...withdrawn.flatMap(({ refs }) => refs)]);
  }
  if (asked.length > 0 && asked.every(({ standing }) => standing === 'granted')) {
    return passes('By the maker: everybody who is named as a maker consents to this use.', [
      deposit.ref,
      ...deposit.namedBy,
      ...consents,
    ]);
  }
  const { licences } = question.policy;
  const isLicensed = deposit.licences.every(
    ({ licence }) => licence !== null && isAllowedBy(licence, licences),
  );
  if (isLicensed && deposit.licences.length > 0) return licensed(deposit);
  const worst = asked.some(({ standing }) => standing === 'unchained')
    ? 'unchained'
    : asked.some(({ standing }) => standing === 'out-of-scope')
      ? 'out-of-scope'
      : 'none';
  const [code, text] = REFUSALS[worst];
  const entries = [deposit.ref, ...deposit.licences.map(({ ref }) => ref), ...consents];
  return fails(code, `${text} ${licenceText(deposit)}`, entries);
}

function licensed(deposit: DepositInput): Outcome {
  const names = [...new Set(deposit.licences.map(({ licence }) => licence ?? ''))].sort();
  const duties = [...new Set(names.flatMap((name) => dutiesOf(name)))];
  const owed = duties.length > 0 ? ` Asked in return: ${duties.join(', ')}.` : '';
  return passes(
    `By licence ${names.join(' and ')}; the maker was not asked.${owed}`,
    deposit.licences.map(({ ref }) => ref),
  );
}

function licenceText({ licences }: DepositInput): string {
  const named = licences.flatMap(({ licence }) => (licence === null ? [] : [licence]));
  return named.length === 0 ? 'No licence is stated.' : `Stated licence: ${named.join('; ')}.`;
}
