import { PURPOSES } from '../policy/purposes.ts';
import { bounded, permit, type ReadSignal, type ReservationSignal } from './signal.ts';
import { rslUsage } from './vocabularies.ts';

/** What an RSL 1.0 document says of the addresses under one `content` element. */
export interface RslContent {
  /** Path or address, with `*` and `$` as in robots.txt; empty: everything on the document's site. */
  readonly url: string;
  readonly signals: readonly ReadSignal[];
}

const MOST_OF_CONTENT = 256;
const LICENCE = /<(?:\w{1,16}:)?license\b/gi;
const CONTENT = /<(?:\w{1,16}:)?content\b([^<>]{0,2000})>/gi;
const URL_ATTRIBUTE = /(?:^|\s)url\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const TERMS =
  /<(?:\w{1,16}:)?(permits|prohibits)\s[^<>]{0,200}type\s*=\s*["']usage["'][^<>]{0,200}>([^<]{0,500})</gi;
/** What a licence permits is permitted for money, or to some, or in some countries. */
const ASKS =
  /<(?:\w{1,16}:)?(?:payment\s[^<>]{0,200}type\s*=\s*["'](?!(?:free|attribution)["'])|permits\s[^<>]{0,200}type\s*=\s*["'](?:user|geo)["'])/i;

/** Reads an RSL document; what stands outside of every `content` element is for the whole site. */
export function rslContents(document: string): readonly RslContent[] {
  const starts = [...document.matchAll(CONTENT)];
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
  const starts = [0, ...text.matchAll(LICENCE).map(({ index }) => index)];
  const signals = starts.flatMap((start, place) => termsOf(text.slice(start, starts[place + 1])));
  return bounded(signals, MOST_OF_CONTENT);
}

function termsOf(licence: string): readonly ReadSignal[] {
  const permits = ASKS.test(licence) ? 'asks' : 'permits';
  return [...licence.matchAll(TERMS)].map(([element, kind, usages = '']) => ({
    ...rslUsage(kind?.toLowerCase() === 'permits' ? permits : 'prohibits', usages),
    text: element,
  }));
}
