import type { ReactNode } from 'react';
import { LEVELS } from '../../core/policy/documents.ts';
import { TEXT } from '../text/english.ts';
import { type Bar, Bars } from './bars.tsx';

const words = TEXT.releases.composition;
const MOST_BARS = 12;

/** What there is of each kind, as a plan or a manifest counts it. */
export interface Composition {
  readonly licences: Readonly<Record<string, number>>;
  readonly levels: Readonly<Partial<Record<(typeof LEVELS)[number], number>>>;
  readonly configs: Readonly<Record<string, number>>;
  readonly makers?: readonly Bar[];
  readonly decades?: readonly { readonly from: number | null; readonly assets: number }[];
}

/** Of what a release is made: by licence, level of evidence, kind, maker and time. */
export function CompositionCharts(made: Composition): ReactNode {
  const { licences, levels, configs, makers = [], decades = [] } = made;
  const byLevel = LEVELS.map((level) => ({
    name: `${level} ${TEXT.asset.levels[level]}`,
    assets: levels[level] ?? 0,
  }));
  const byTime = decades.map(({ from, assets }) => ({
    name: from === null ? words.undated : words.decade(from),
    assets,
  }));
  return (
    <div className="composition">
      <Bars title={words.licence} bars={largest(barsOf(licences, words.consent))} />
      <Bars title={words.level} bars={byLevel.filter(({ assets }) => assets > 0)} />
      <Bars title={words.kind} bars={largest(barsOf(configs, ''))} />
      <Bars title={words.makers} bars={makers.slice(0, MOST_BARS).map(named)} />
      <Bars title={words.years} bars={byTime} />
    </div>
  );
}

function named({ name, assets }: Bar): Bar {
  return { name: name === '' ? words.erased : name, assets };
}

/** `empty` says what stands for an empty name. */
function barsOf(counts: Readonly<Record<string, number>>, empty: string): Bar[] {
  return Object.entries(counts).map(([name, assets]) => ({ name: name || empty, assets }));
}

/** The largest by name, and all others together. */
function largest(bars: readonly Bar[]): Bar[] {
  const sorted = [...bars].sort((a, b) => b.assets - a.assets);
  if (sorted.length <= MOST_BARS) return sorted;
  const rest = sorted.slice(MOST_BARS - 1);
  const others = { name: words.others(rest.length), assets: 0 };
  for (const { assets } of rest) others.assets += assets;
  return [...sorted.slice(0, MOST_BARS - 1), others];
}
