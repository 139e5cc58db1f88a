import { ArchiveError } from '../errors.ts';
import { matchesPath } from './path-pattern.ts';
import {
  licencesInRobots,
  type PathRule,
  robotsGroups,
  signalsInPage,
  tdmrepRules,
} from './read-signals.ts';
import { isShut, type RobotsAccess, robotsAccess, shut } from './robots-access.ts';
import { type RslContent, rslContents, rslElsewhere } from './rsl.ts';
import type { SourceSignal } from './signal.ts';

/** Something that was fetched from an address. */
interface FetchedText {
  readonly address: URL;
  readonly at: string;
  readonly text: string;
}

interface Said {
  readonly where: string;
  readonly at: string;
}
interface Robots extends Said {
  readonly groups: readonly (readonly PathRule[])[];
  readonly access: readonly RobotsAccess[];
  readonly licences: readonly string[];
}
interface Tdmrep extends Said {
  readonly rules: readonly PathRule[];
}
interface Rsl extends Said {
  readonly contents: readonly RslContent[];
}

/** Rules, terms and embedded addresses that are kept at most. */
const MOST = 200_000;
/** Attributes by which a page shows what lies elsewhere. */
const EMBEDDED =
  /\s(?:src|srcset|poster|data|href)\s*=\s*(?:"([^"<>]{1,8000})"|'([^'<>]{1,8000})')/gi;

/**
 * What the sites of one crawl reserve: their robots.txt, tdmrep.json and RSL documents, and the pages that
 * show or link a file. Everything of the crawl is added first; then each address is asked for.
 *
 * @throws {ArchiveError} `input_invalid` from an `add` that would have to remember too much.
 */
export class SiteSignals {
  readonly #robots = new Map<string, Robots[]>();
  readonly #tdmrep = new Map<string, Tdmrep[]>();
  readonly #rsl = new Map<string, Rsl[]>();
  readonly #about = new Set<string>();
  readonly #embedded = new Map<string, SourceSignal[]>();
  #kept = 0;

  addRobots({ address, at, text }: FetchedText): void {
    const groups = robotsGroups(text);
    const licences = licencesInRobots(text).flatMap((named) => resolved(named, address) ?? []);
    const access = robotsAccess(text);
    const rules = access.reduce((sum, group) => sum + group.rules.length, groups.flat().length);
    this.#keep(1 + licences.length + rules);
    this.#about.add(withoutFragment(address));
    add(this.#robots, address.origin, { where: address.href, at, groups, licences, access });
  }

  addTdmrep({ address, at, text }: FetchedText): void {
    const rules = tdmrepRules(text);
    this.#keep(1 + rules.length);
    this.#about.add(withoutFragment(address));
    add(this.#tdmrep, address.origin, { where: address.href, at, rules });
  }

  addRsl({ address, at, text }: FetchedText): void {
    const contents = rslContents(text);
    this.#keep(1 + contents.flatMap(({ signals }) => signals).length);
    this.#about.add(withoutFragment(address));
    add(this.#rsl, address.origin, { where: address.href, at, contents });
  }

  /** A page that reserves nothing is forgotten. */
  addPage({ address, at, text }: FetchedText): void {
    const signals = signalsInPage(text).map((signal) => ({ ...signal, where: address.href, at }));
    if (signals.length === 0) return;
    for (const [, double, single] of text.matchAll(EMBEDDED)) {
      // Of srcset each candidate is an address and a size.
      for (const one of (double ?? single ?? '').split(/,\s/)) {
        const target = resolved(one.trim().split(/\s/)[0] ?? '', address);
        if (target === undefined) continue;
        this.#keep(signals.length);
        for (const signal of signals) add(this.#embedded, target, signal);
      }
    }
  }

  /** Returns what is reserved for what lies at an address; `isPage`: a page, which others only link. */
  of(address: URL, isPage: boolean): readonly SourceSignal[] {
    return [
      ...this.#inRobots(address),
      ...this.#inTdmrep(address),
      ...this.#inRsl(address),
      ...(isPage ? [] : (this.#embedded.get(withoutFragment(address)) ?? [])),
    ];
  }

  /** Says whether what lies at an address, or at a text relative to it, is robots.txt, tdmrep.json or RSL. */
  isAbout(address: URL | string, base?: URL): boolean {
    const named = resolved(address.toString(), base);
    return named !== undefined && this.#about.has(named);
  }

  /** In each group the rules with the longest path that is the address's; whose group it is is not known. */
  *#inRobots(address: URL): Iterable<SourceSignal> {
    for (const { where, at, groups, licences, access } of this.#robots.get(address.origin) ?? []) {
      const closed = access.find((group) => isShut(group, pathOf(address)));
      if (closed !== undefined) {
        yield { ...shut(), where, at, text: `User-agent: ${closed.agent}, kept from this path` };
      }
      for (const rules of groups) {
        const fitting = rules.filter(({ path }) => matchesPath(path, pathOf(address)));
        const longest = new Map<string, number>();
        for (const { signal, path } of fitting) {
          const known = longest.get(signal.protocol) ?? 0;
          longest.set(signal.protocol, Math.max(known, path.length));
        }
        for (const { signal, path } of fitting) {
          if (path.length === longest.get(signal.protocol)) yield { ...signal, where, at };
        }
      }
      for (const named of licences.filter((one) => !this.#about.has(one))) {
        yield { ...rslElsewhere(), where, at, text: `License: ${named}` };
      }
    }
  }

  *#inTdmrep(address: URL): Iterable<SourceSignal> {
    for (const { where, at, rules } of this.#tdmrep.get(address.origin) ?? []) {
      const first = rules.find(({ path }) => matchesPath(path, pathOf(address)));
      if (first !== undefined) yield { ...first.signal, where, at };
    }
  }

  *#inRsl(address: URL): Iterable<SourceSignal> {
    for (const { where, at, contents } of this.#rsl.get(address.origin) ?? []) {
      for (const { url, signals } of contents) {
        const isMeant =
          url === '' ||
          matchesPath(url, url.startsWith('/') ? pathOf(address) : withoutFragment(address));
        if (isMeant) for (const signal of signals) yield { ...signal, where, at };
      }
    }
  }

  #keep(count: number): void {
    this.#kept += count;
    if (this.#kept > MOST) {
      throw new ArchiveError(
        'input_invalid',
        `the pages and rules of this crawl reserve more than ${MOST} things, which is more than is ` +
          'kept in mind at once; split the crawl by site',
      );
    }
  }
}

function pathOf({ pathname, search }: URL): string {
  return pathname + search;
}

function resolved(named: string, base?: URL): string | undefined {
  return URL.canParse(named, base?.href) ? withoutFragment(new URL(named, base?.href)) : undefined;
}

function withoutFragment({ href }: URL): string {
  const hash = href.indexOf('#');
  return hash === -1 ? href : href.slice(0, hash);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
