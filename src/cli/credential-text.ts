import type { FindingView } from '../core/ports/asset-views.ts';

/** What a state of Content Credentials means, for people. No line is about a person. */
const WORDS: Readonly<Record<string, string>> = {
  none: 'none',
  trusted: 'intact, signed by somebody on the trust list in force',
  valid: 'intact, signed by somebody who is on no trust list in force',
  tampered: 'changed after signing (often by a website or messenger)',
  unestablished: 'intact, and who signed is not established',
  unresolvable: 'not decided here: what it takes lies elsewhere and is not fetched',
  unreadable: 'there is one that cannot be read',
};

/** Returns what the inspector of credentials found, in a line; `--json` has all of it. */
export function credentialText({ outcome, facts }: Pick<FindingView, 'outcome' | 'facts'>): string {
  const { credential, digitalSourceTypes, trainingMining, signedAt } = facts;
  const parts = [outcome === 'not-applicable' ? outcome : (WORDS[`${credential}`] ?? outcome)];
  if (typeof signedAt === 'string') parts.push(`signed at ${signedAt}`);
  if (Array.isArray(digitalSourceTypes) && digitalSourceTypes.length > 0) {
    const terms = digitalSourceTypes.map((uri) => `${uri}`.slice(`${uri}`.lastIndexOf('/') + 1));
    parts.push(`says ${terms.join(', ')}`);
  }
  const mining = Object.entries(Object(trainingMining)).map(([key, use]) => `${key} ${use}`);
  return [...parts, ...mining].join('; ');
}
