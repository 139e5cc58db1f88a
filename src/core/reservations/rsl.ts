import { PURPOSES } from '../policy/purposes.ts';
import { permit, type ReadSignal, type ReservationSignal } from './signal.ts';
import { rslUsage } from './vocabularies.ts';

/** What an RSL 1.0 document says of the addresses under one `content` element. */
export interface RslContent {
  /** Path or address, with `*` and `$` as in robots.txt; empty: everything on the document's site. */
  readonly url: string;
  readonly signals: readonly ReadSignal[];
}

const MOST = 256;
const CONTENT = /<(?:\w{1,16}:)?content\b([^<>]{0,2000})>/gi;
const URL_ATTRIBUTE = /(?:^|\s)url\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const TERMS =
  /<(?:\w{1,16}:)?(permits|prohibits)\s[^<>]{0,200}type\s*=\s*["']usage["'][^<>]{0,200}>([^<]{0,500})</gi;

/** Reads an RSL document; what stands outside of every `content` element is for the whole site. */
export function rslContents(document: string): readonly RslContent[] {
  const starts = [...document.matchAll(CONTENT)].slice(0, MOST);
  const heads = [
    { url: '', at: 0 },
    ...starts.map(({ 1: attributes = '', index }) => {
      const url = URL_ATTRIBUTE.exec(attributes);
      return { url: url?.[1] ?? url?.[2] ?? '', at: index };
    }),
  ];
  return heads.flatMap(({ url, at }, place) => {
    const signals = termsIn(document.slice(at, heads[place + 1]?.at));
    return signals.length === 0 ? [] : [{ url, signals }];
  });
}

/** Terms that are named and not at hand: every use is allowed on a condition that nobody here has read. */
export function rslElsewhere(): ReservationSignal {
  return { protocol: 'rsl', values: permit({ condition: 'rsl:licence' }, ...PURPOSES) };
}

function termsIn(text: string): readonly ReadSignal[] {
  const signals: ReadSignal[] = [];
  for (const [element, kind, usages = ''] of text.matchAll(TERMS)) {
    signals.push({
      ...rslUsage(kind === 'permits' ? 'permits' : 'prohibits', usages),
      text: element,
    });
    if (signals.length >= MOST) break;
  }
  return signals;
}
