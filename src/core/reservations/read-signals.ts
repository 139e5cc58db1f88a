import type { ReservationSignal } from './signal.ts';
import { contentSignal, contentUsage, noAi, rslUsage, tdmrep } from './vocabularies.ts';

/** A signal and the text it was read from. */
export interface ReadSignal extends ReservationSignal {
  readonly text: string;
}

const MOST_SIGNALS = 256;
const LONGEST = 2_000;

/**
 * Reads robots.txt (RFC 9309): `Content-Usage` and `Content-Signal` lines, whatever group and path they are
 * for, since who crawled is not known here. `Disallow` is about fetching, not about use, so it is not read.
 */
export function signalsInRobots(text: string): readonly ReadSignal[] {
  return linesOf(text).flatMap((line) => {
    const [, name = '', value = ''] = /^\s*([A-Za-z-]{1,64})\s*:\s*([^#]*)/.exec(line) ?? [];
    const words = name.toLowerCase() === 'content-usage' ? value.replace(/^\/\S*\s+/, '') : value;
    const isUse = /^content-(?:usage|signal)$/i.test(name);
    return isUse ? readAs(BY_FIELD[name.toLowerCase()], words, line) : [];
  });
}

/** Reads the `meta` elements of a page (HTML or EPUB 2 and 3 package documents) that reserve uses. */
export function signalsInPage(page: string): readonly ReadSignal[] {
  const signals: ReadSignal[] = [];
  for (const [element, attributes = '', content = ''] of page.matchAll(META)) {
    const name = attributeOf(attributes, 'name') ?? attributeOf(attributes, 'property') ?? '';
    const value = attributeOf(attributes, 'content') ?? content;
    signals.push(...readAs(BY_META[name.toLowerCase()], value, element));
    if (signals.length >= MOST_SIGNALS) break;
  }
  return signals;
}

/** Reads an RSL 1.0 document: what its licences permit and prohibit by usage. */
export function signalsInRsl(document: string): readonly ReadSignal[] {
  const signals: ReadSignal[] = [];
  for (const [text, kind, usages = ''] of document.matchAll(RSL)) {
    signals.push({ ...rslUsage(kind === 'permits' ? 'permits' : 'prohibits', usages), text });
    if (signals.length >= MOST_SIGNALS) break;
  }
  return signals;
}

/** Reads tdmrep.json. Which file a rule is for is not known without its address, so the strictest rule speaks. */
export function signalsInTdmrep(json: string): readonly ReadSignal[] {
  let rules: unknown;
  try {
    rules = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(rules)) return [];
  return rules.slice(0, MOST_SIGNALS).flatMap((rule: unknown) => {
    if (typeof rule !== 'object' || rule === null || !('tdm-reservation' in rule)) return [];
    return readAs(tdmrep, String(rule['tdm-reservation']), JSON.stringify(rule));
  });
}

type Reader = (value: string) => ReservationSignal | undefined;

const BY_FIELD: Readonly<Record<string, Reader>> = {
  'content-usage': contentUsage,
  'content-signal': contentSignal,
};

const BY_META: Readonly<Record<string, Reader>> = {
  'tdm-reservation': tdmrep,
  'tdm:reservation': tdmrep,
  robots: noAi,
};

const META = /<(?:\w{1,16}:)?meta\b([^<>]{0,2000})>([^<]{0,32})/gi;
const RSL =
  /<(?:\w{1,16}:)?(permits|prohibits)\s[^<>]{0,200}type\s*=\s*["']usage["'][^<>]{0,200}>([^<]{0,500})</gi;

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

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/, 20_000);
}
