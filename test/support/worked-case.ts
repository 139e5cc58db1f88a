import { abstractFacts } from '../../src/core/policy/abstraction/abstract-facts.ts';
import { edgesOf } from '../../src/core/policy/abstraction/lineage.ts';
import { makerKeyRubric } from '../../src/core/policy/maker-keys.ts';
import { ownTaint } from '../../src/core/policy/origin.ts';
import { leastTaints } from '../../src/core/policy/taint.ts';
import type { StatementId } from '../../src/core/statements/fields.ts';
import {
  ASSET,
  BY_MAKER,
  History,
  OPERATOR,
  REVIEWER_B,
  REVIEWER_C,
  SIGNER,
  STEWARD,
} from './history.ts';
import { assetCid, MAKER, sha256 } from './statement-bodies.ts';
import { explanation } from './verdicts.ts';

interface Step {
  readonly title: string;
  /** What people do. */
  readonly does: string;
  readonly tell: (told: Telling) => void;
}

const PARENT = assetCid('parent');

/** A history whose statements are called by names that people can follow. */
class Telling {
  readonly history = new History('worked case');
  readonly names = new Map<StatementId, string>();

  say(name: string, ...saying: Parameters<History['say']>): StatementId {
    const id = this.history.say(...saying);
    this.names.set(id, name);
    return id;
  }

  named(name: string): StatementId {
    const [id] = [...this.names].find(([, one]) => one === name) ?? [];
    if (id === undefined) throw new Error(`nothing is called ${name}`);
    return id;
  }

  /** Returns what `explain` prints, each statement by its name. */
  explains(): string {
    let text = explanation(this.history, { context: { taintOf: (asset) => taints().get(asset) } });
    for (const [id, name] of this.names) text = text.replaceAll(id, name);
    return text.replaceAll(ASSET, 'drawing.svg').replaceAll(PARENT, 'parent.png');
  }
}

const LADDER: readonly Step[] = [
  {
    title: 'Deposited: H0',
    does: 'The archivist of organisation A deposits a drawing, with its maker named and no licence. The node inspects the bytes and finds nothing.',
    tell: (told) => {
      told.say('deposit', 'deposit', { licence: null });
      told.say('finding', 'finding');
    },
  },
  {
    title: 'Declared: H1',
    does: 'A steward of A, who knows the maker, says whose the key is. With it the maker declares how the drawing was made, and consents to training.',
    tell: (told) => {
      const rubric = makerKeyRubric(SIGNER, MAKER, sha256);
      const vouchedBy = told.say('vouching for the key', 'review', { rubric }, { by: STEWARD });
      const identity = { method: 'steward', vouchedBy } as const;
      told.say('declaration', 'declaration', { identity }, BY_MAKER);
      told.say('consent', 'consent', {}, BY_MAKER);
    },
  },
  {
    title: 'Corroborated: H2',
    does: 'An archivist of A looks up the number of the certificate that the maker has of an issuer, and keeps the answer.',
    tell: (told) => told.say('certificate', 'certification'),
  },
  {
    title: 'Evidenced: H3',
    does: 'The maker hands in the layered file, and a reviewer of organisation B, who looked at it, confirms it.',
    tell: (told) => {
      const kit = told.say('process kit', 'evidence');
      told.say('review by B', 'review', { evidence: [kit] }, { by: REVIEWER_B });
    },
  },
  {
    title: 'Verified: H4',
    does: 'A reviewer of organisation C looks at the drawing independently, and confirms it.',
    tell: (told) => told.say('review by C', 'review', {}, { by: REVIEWER_C }),
  },
];

const TAKEN_AWAY: readonly Step[] = [
  {
    title: 'a withdrawal',
    does: 'The maker withdraws the consent.',
    tell: (told) => {
      const consents = [told.named('consent')];
      told.say('withdrawal', 'withdrawal', { consents }, BY_MAKER);
    },
  },
  {
    title: 'a dispute',
    does: 'Somebody says that the drawing is theirs.',
    tell: (told) => told.say('dispute', 'dispute'),
  },
  {
    title: 'a synthetic parent',
    does: 'The drawing turns out to be made from a picture that the operator of a generator has registered as its output.',
    tell: (told) => told.say('derivation', 'derivation', { parent: PARENT }),
  },
];

/** Returns the section of core's README: what is done at each step, and what `explain` says then. */
export function workedCase(): string {
  const atH4 = after(LADDER).explains();
  const ladder = LADDER.map((step, place) => {
    const before = place === 0 ? '' : after(LADDER.slice(0, place)).explains();
    return section(
      step,
      `${place + 1}. `,
      news(before, after(LADDER.slice(0, place + 1)).explains()),
    );
  });
  const endings = TAKEN_AWAY.map((step) =>
    section(step, 'From H4: ', news(atH4, after([...LADDER, step]).explains())),
  );
  return [INTRODUCTION, ...ladder, ...endings].join('\n');
}

const INTRODUCTION = `What \`explain\` says of one drawing, asked for \`ai_generative_training\` under the policy \`corroborated\`: first all of
it, then the head and the gates that have changed since. A test tells the same story to the fold and to \`decide\` and
compares. Names stand in place of the ids of statements and assets; each line with a name is an entry
that the answer rests on.
`;

function after(steps: readonly Step[]): Telling {
  const told = new Telling();
  for (const step of steps) step.tell(told);
  return told;
}

function section({ title, does }: Step, prefix: string, text: string): string {
  return `### ${prefix}${title}\n\n${does}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}

/** The head of an explanation, and its gates that another one does not have. */
function news(before: string, now: string): string {
  const known = before.split('\n\n');
  const [head, ...gates] = now.split('\n\n');
  return [head, ...gates.filter((gate) => !known.includes(gate))].join('\n\n');
}

/** What the parent is known to stem from, by what its operator said of it before anybody had it. */
function taints() {
  const parent = new History('parent');
  parent.say('synthetic', { basis: 'operator' }, { by: OPERATOR });
  const own = ownTaint(abstractFacts(parent.facts(), parent.context()).input);
  const node = { own, edges: edgesOf(parent.facts()) };
  return leastTaints([PARENT], (asset) => (asset === PARENT ? node : undefined));
}
