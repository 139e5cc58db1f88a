import { rslContents } from './rsl.ts';
import { bounded, type ReadSignal, type ReservationSignal } from './signal.ts';
import { contentSignal, contentUsage, noAi, tdmrep } from './vocabularies.ts';

/** A signal and the paths that it is for. */
export interface PathRule {
  /** As robots.txt writes paths: a beginning, with `*` and a `$` at the end; empty: every path. */
  readonly path: string;
  readonly signal: ReadSignal;
}

const MOST_SIGNALS = 256;
const MOST_RULES = 20_000;
const LONGEST = 2_000;

/**
 * Reads robots.txt (RFC 9309): `Content-Usage` and `Content-Signal` lines, whatever group and path they are
 * for, since who crawled is not known here. Whom it keeps out is another thing (robots-access.ts).
 */
export function signalsInRobots(text: string): readonly ReadSignal[] {
  return robotsGroups(text).flatMap((rules) => rules.map(({ signal }) => signal));
}

/** Reads robots.txt group by group, as {@link signalsInRobots}, with the paths that each rule is for. */
export function robotsGroups(text: string): readonly (readonly PathRule[])[] {
  const groups: PathRule[][] = [[]];
  let isNaming = false;
  for (const line of linesOf(text)) {
    const [, name = '', value = ''] = /^\s*([A-Za-z-]{1,64})\s*:\s*([^#]*)/.exec(line) ?? [];
    const field = name.toLowerCase();
    if (field === '') continue;
    const isName = field === 'user-agent';
    if (isName && !isNaming) groups.push([]);
    isNaming = isName;
    const [, path = '', words = value] =
      (field === 'content-usage' && /^(\/\S*)\s+(.*)$/.exec(value)) || [];
    const signals = readAs(BY_LINE[field], words, line);
    groups.at(-1)?.push(...signals.map((signal) => ({ path, signal })));
  }
  return groups.filter((rules) => rules.length > 0);
}

/** Reads the addresses of RSL documents that robots.txt names (`License:`). */
export function licencesInRobots(text: string): readonly string[] {
  return [...linesOf(text)].flatMap(
    (line) => /^\s*license\s*:\s*(\S{1,2000})/i.exec(line)?.[1] ?? [],
  );
}

/** Reads the fields of an HTTP response that reserve uses; a field that stands twice is read twice. */
export function signalsInFields(
  fields: readonly (readonly [name: string, value: string])[],
): readonly ReadSignal[] {
  const signals = fields.flatMap(([name, value]) =>
    readAs(BY_FIELD[name.toLowerCase()], value, `${name}: ${value}`),
  );
  return bounded(signals, MOST_SIGNALS);
}

/** Reads the `meta` elements of a page (HTML or EPUB 2 and 3 package documents) that reserve uses. */
export function signalsInPage(page: string): readonly ReadSignal[] {
  const signals: ReadSignal[] = [];
  for (const [element, attributes = '', content = ''] of page.matchAll(META)) {
    const name = attributeOf(attributes, 'name') ?? attributeOf(attributes, 'property') ?? '';
    const value = attributeOf(attributes, 'content') ?? content;
    signals.push(...readAs(BY_META[name.toLowerCase()], value, element));
  }
  return bounded(signals, MOST_SIGNALS);
}

/** Reads an RSL 1.0 document: what its licences permit and prohibit by usage, whatever they are for. */
export function signalsInRsl(document: string): readonly ReadSignal[] {
  const signals = rslContents(document).flatMap((content) => content.signals);
  return bounded(signals, MOST_SIGNALS);
}

/** Reads tdmrep.json. Which file a rule is for is not known without its address, so the strictest rule speaks. */
export function signalsInTdmrep(json: string): readonly ReadSignal[] {
  return tdmrepRules(json).map(({ signal }) => signal);
}

/**
 * Reads tdmrep.json in its order; of the rules that are for a path the first one holds. One that cannot be
 * read, or has more rules than are kept, reserves everything, since a site that has one reserves something;
 * a page in its place, as servers send for what they do not have, says nothing.
 */
export function tdmrepRules(json: string): readonly PathRule[] {
  const text = json.replace(/^\ufeff/, '').trim();
  if (text === '' || text.startsWith('<')) return [];
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch {
    return unreadableRules(text);
  }
  const listed: readonly unknown[] = Array.isArray(rules) ? rules : [rules];
  const read = listed.slice(0, MOST_RULES).flatMap((rule) => {
    if (typeof rule !== 'object' || rule === null || !('tdm-reservation' in rule)) return [];
    const path = 'location' in rule && typeof rule.location === 'string' ? rule.location : '';
    const signals = readAs(tdmrep, String(rule['tdm-reservation']), JSON.stringify(rule));
    return signals.map((signal) => ({ path, signal }));
  });
  return listed.length > MOST_RULES ? [...read, ...unreadableRules(text)] : read;
}

function unreadableRules(text: string): readonly PathRule[] {
  return readAs(tdmrep, '1', text).map((signal) => ({ path: '', signal }));
}

type Reader = (value: string) => ReservationSignal | undefined;

const BY_LINE: Readonly<Record<string, Reader>> = {
  'content-usage': contentUsage,
  'content-signal': contentSignal,
};

const BY_FIELD: Readonly<Record<string, Reader>> = {
  ...BY_LINE,
  'tdm-reservation': tdmrep,
  'x-robots-tag': noAi,
};

const BY_META: Readonly<Record<string, Reader>> = {
  'tdm-reservation': tdmrep,
  'tdm:reservation': tdmrep,
  robots: noAi,
};

const META = /<(?:\w{1,16}:)?meta\b([^<>]{0,2000})>([^<]{0,32})/gi;

function attributeOf(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(
    attributes,
  );
  return match?.[1] ?? match?.[2];
}

function readAs(reader: Reader | undefined, value: string, text: string): readonly ReadSignal[] {
  const signal = reader?.(value);
  return signal === undefined ? [] : [{ ...signal, text: text.slice(0, LONGEST) }];
}

function linesOf(text: string): Iterable<string> {
  return text.matchAll(/[^\r\n]+/g).map(([line]) => line);
}
