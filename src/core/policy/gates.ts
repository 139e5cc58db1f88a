/** The five gates that people see, and the rules behind each (policy.md §6). */
export const GATES = [
  { gate: 'Intact', rules: ['R0', 'R1', 'R2'], asks: 'is it here, whole, lawful to hold?' },
  {
    gate: 'Allowed',
    rules: ['R4', 'R5', 'R6', 'R12'],
    asks: 'may it be used for this, by this requester?',
  },
  { gate: 'Evidence', rules: ['R7', 'R8'], asks: 'is human making shown?' },
  { gate: 'Untainted', rules: ['R9', 'R10'], asks: 'does it stem from or equal generated work?' },
  { gate: 'Uncontested', rules: ['R3', 'R11'], asks: 'is anything open?' },
] as const;

export type GateName = (typeof GATES)[number]['gate'];
export const GATE_NAMES = GATES.map(({ gate }) => gate);
export type RuleName = (typeof GATES)[number]['rules'][number];

/** In the order in which the first failing one is the headline. */
export const RULE_NAMES: readonly RuleName[] = [
  'R0',
  'R1',
  'R2',
  'R3',
  'R4',
  'R5',
  'R6',
  'R7',
  'R8',
  'R9',
  'R10',
  'R11',
  'R12',
];
