import { matchesPath } from './path-pattern.ts';
import { permit, type ReservationSignal } from './signal.ts';

/** What one group of robots.txt keeps its crawlers from. */
export interface RobotsAccess {
  /** The group's name that matters here: `*`, or a crawler that fetches for training. */
  readonly agent: string;
  readonly rules: readonly { readonly path: string; readonly isAllowed: boolean }[];
}

/**
 * Names with which crawlers that fetch for training introduce themselves, as their operators publish them;
 * `Google-Extended` and `Applebot-Extended` fetch nothing and exist for this alone.
 */
const TRAINERS: ReadonlySet<string> = new Set(
  'ai2bot amazonbot anthropic-ai applebot-extended bytespider ccbot claude-web claudebot cohere-ai cohere-training-data-crawler diffbot facebookbot google-extended gptbot img2dataset meta-externalagent omgili omgilibot pangubot timpibot webzio-extended'.split(
    ' ',
  ),
);

/**
 * Reads whom robots.txt keeps out (RFC 9309 §2.2): groups for every crawler and for those that fetch for
 * training. Whoever crawled, what a site shut to either is not taken for training (GPAI Code of Practice,
 * copyright, 1.3).
 */
export function robotsAccess(text: string): readonly RobotsAccess[] {
  const groups: { agents: string[]; rules: RobotsAccess['rules'][number][] }[] = [];
  let isNaming = false;
  for (const [, name = '', value = ''] of text.matchAll(RULE)) {
    const field = name.toLowerCase();
    if (field === 'user-agent') {
      if (!isNaming) groups.push({ agents: [], rules: [] });
      groups.at(-1)?.agents.push(agentOf(value));
    } else if (value.trim() !== '') {
      groups.at(-1)?.rules.push({ path: inAscii(value.trim()), isAllowed: field === 'allow' });
    }
    isNaming = field === 'user-agent';
  }
  return groups.flatMap(({ agents, rules }) => {
    const read = rules.length > MOST_RULES ? [{ path: '/', isAllowed: false }] : rules;
    return agents
      .filter((agent) => (agent === '*' || TRAINERS.has(agent)) && rules.length > 0)
      .map((agent) => ({ agent, rules: read }));
  });
}

/** Says whether a group shuts a path: of the rules for it the longest holds, and of two as long the one that allows. */
export function isShut({ rules }: RobotsAccess, path: string): boolean {
  let longest = { path: '', isAllowed: true };
  for (const rule of rules) {
    const isLonger =
      rule.path.length > longest.path.length ||
      (rule.path.length === longest.path.length && rule.isAllowed);
    if (isLonger && matchesPath(rule.path, inAscii(path))) longest = rule;
  }
  return !longest.isAllowed;
}

/** What lies behind a shut door is no matter for training or mining; reading and finding are another thing. */
export function shut(): ReservationSignal {
  const values = permit('deny', 'ai_generative_training', 'ai_training', 'data_mining');
  return { protocol: 'robots', values };
}

/** Each is held against each address of a crawl; whoever has more shuts everything. */
const MOST_RULES = 2_000;
const RULE = /^[ \t]{0,8}(user-agent|allow|disallow)[ \t]{0,8}:[ \t]{0,8}([^#\r\n]{0,2000})/gim;

/** A product token ends where no letter, `_` or `-` follows; versions behind it are not compared. */
function agentOf(value: string): string {
  const agent = value.trim().toLowerCase();
  return agent === '*' ? agent : (/^[a-z0-9_-]+/.exec(agent)?.[0] ?? '');
}

/** Letters beyond ASCII and escapes in one form, so that a path and a rule can be compared (RFC 9309 §2.2.2). */
function inAscii(path: string): string {
  return path
    .replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()))
    .replace(/%[0-9a-f]{2}/gi, (byte) => byte.toUpperCase());
}
