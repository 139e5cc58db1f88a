import type { Policy } from './documents.ts';
import { countOf } from './rules/outcome.ts';
import { LEVEL_WORDS } from './rules/r8-evidence.ts';

/** Returns a policy as lines that people can read: what it asks for, gate by gate. */
export function policyProse(policy: Policy): string[] {
  const { witnesses, copies, copyAgeDays, floor, cutOffs } = policy;
  const period = [
    ...(policy.from === null ? [] : [`from ${policy.from}`]),
    ...(policy.until === null ? [] : [`until ${policy.until}`]),
  ];
  return [
    `Policy ${policy.name}, version ${policy.version}`,
    period.length === 0 ? 'In force without end.' : `In force ${period.join(' ')}.`,
    '',
    'Intact',
    witnesses === 0
      ? '  No other organisation needs to have witnessed what is said of an asset.'
      : `  ${countOf(witnesses, 'other organisation')} must have witnessed what is said of an asset.`,
    `  ${countOf(copies, 'proven copy', 'proven copies')}${
      copyAgeDays === null
        ? ', proven at any time.'
        : `, proven within the last ${countOf(copyAgeDays, 'day')}.`
    }`,
    '  No takedown, erasure or quarantine.',
    `  Inspected by: ${listed(policy.inspectors)}.`,
    'Allowed',
    '  Consent of every named maker, or one of these licences, for every purpose and requester:',
    `    ${listed(policy.licences)}.`,
    '  No reservation, no open flag about persons or communities. The most restrictive wins.',
    'Evidence',
    `  Level ${floor} (${LEVEL_WORDS[floor]}) or above${
      policy.sampledEvidence
        ? '; evidence for whole sets by sample counts'
        : '; no evidence by sample'
    }.`,
    `  Origin: ${listed(policy.origins)}.`,
    `  Age counts as evidence for what existed by: ${listed(
      Object.entries(cutOffs)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([medium, day]) => `${medium} ${day}`),
    )}.`,
    'Untainted',
    '  Made from nothing generated, and not registered as generated.',
    policy.duplicates === 'exact'
      ? '  Compared with generated works byte for byte.'
      : '  Compared with generated works by content, near-duplicates included.',
    'Uncontested',
    '  No open dispute, hold or question by a detector.',
  ];
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}
