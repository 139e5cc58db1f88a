import type { BodyOf } from '../statements/kinds.ts';
import type { Permission } from './input.ts';
import { PURPOSES, type Purpose } from './purposes.ts';

/** What a consent allows, to whom, where and how long. */
export type ConsentTerms = Pick<
  BodyOf<'consent'>,
  'purposes' | 'requesters' | 'territories' | 'from' | 'until' | 'conditions' | 'attribution'
>;

interface Preset {
  readonly summary: string;
  readonly purposes: ConsentTerms['purposes'];
  readonly requesters: readonly string[];
}

const every = (permission: 'allow' | 'deny') =>
  Object.fromEntries(PURPOSES.map((purpose) => [purpose, permission]));

/** What a maker can say without knowing the purposes by name. */
export const CONSENT_PRESETS: Readonly<Record<string, Preset>> = {
  research: {
    summary: 'research organisations, non-generative only',
    purposes: {
      ai_generative_training: 'deny',
      ai_training: 'allow',
      ai_inference: 'deny',
      data_mining: 'allow',
      search_index: 'allow',
    },
    requesters: ['research-organisation'],
  },
  nobody: { summary: 'nobody, for nothing', purposes: every('deny'), requesters: [] },
  anyone: {
    summary: 'anyone, for every purpose',
    purposes: every('allow'),
    requesters: ['anyone'],
  },
};

const PURPOSE_WORDS: Readonly<Record<Purpose, string>> = {
  ai_generative_training: 'Training of AI models that generate works',
  ai_training: 'Training of other AI models',
  ai_inference: 'Use as input of an AI model that is already trained',
  data_mining: 'Text and data mining',
  search_index: 'Listing in a search index',
};

/** What withdrawal does, as it is said before signing (policy.md §5). */
export const WITHDRAWAL_TEXT =
  'You can withdraw at any time. A withdrawal is obeyed in everything served afterwards by connected ' +
  'nodes; copies already taken and models already trained are listed, not undone.';

/** Returns the terms in plain sentences, the last of which says what withdrawal does. */
export function consentText(terms: ConsentTerms): string {
  const { requesters, territories, from, until, conditions, attribution } = terms;
  const lines = PURPOSES.map(
    (purpose) => `${PURPOSE_WORDS[purpose]}: ${permissionText(terms.purposes[purpose])}.`,
  );
  lines.push(
    requesters.length === 0
      ? 'Nobody is allowed anything by this.'
      : `Who may: ${requesters.map(requesterText).join('; ')}.`,
    territories.length === 0 ? 'Where: everywhere.' : `Where: ${territories.join(', ')} only.`,
  );
  if (from !== null) lines.push(`Not before ${from}.`);
  lines.push(until === null ? 'Until you withdraw.' : `Until ${until}, or until you withdraw.`);
  if (conditions.length > 0) lines.push(`Agreed conditions: ${conditions.join(', ')}.`);
  lines.push(attribution ? 'You want to be credited.' : 'You do not ask to be credited.');
  return [...lines, WITHDRAWAL_TEXT].join('\n');
}

function permissionText(permission: Permission | undefined): string {
  if (permission === undefined) return 'nothing is said, so not allowed by this';
  if (permission === 'allow') return 'allowed';
  return permission === 'deny' ? 'refused, to everybody' : `only if ${permission.condition} is met`;
}

function requesterText(requester: string): string {
  if (requester === 'members') return 'members of the archive';
  if (requester === 'research-organisation') return 'research organisations';
  return requester.replace(/^organisation:/, 'the organisation ');
}
