import type { Cid } from '../../core/cid.ts';
import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { modalityOf, sizeRange } from '../../core/dataset/size-range.ts';
import {
  MODALITIES,
  type Modality,
  type TrainingSummary,
} from '../../core/dataset/training-summary.ts';
import { LEVELS, type Level } from '../../core/policy/documents.ts';
import type { ReleaseRow } from '../../core/ports/release.ts';
import type { BodyOf } from '../../core/statements/kinds.ts';
import type { Archive } from '../archive.ts';
import { Counter } from './counter.ts';
import { type ReservedAs, reservedAs, saidOf, wasConsented } from './said-of-asset.ts';
import { extended, type Span } from './span.ts';

type Protocols = TrainingSummary['processing']['protocols'];

interface OfModality {
  assets: number;
  bytes: number;
  withoutLanguage: number;
  collected: Span | null;
  readonly mediaTypes: Counter;
  readonly sourceTypes: Counter;
  readonly languages: Counter;
}

/** Counts the assets of datasets by what a summary of training content asks, one after another. */
export class MemberCounts {
  readonly #parts: Pick<Archive, 'catalog' | 'ledger'>;
  readonly #modalities = new Map<Modality, OfModality>();
  readonly #protocols = new Map<string, Protocols[number]>();
  readonly #levels = new Map<Level, number>();
  /** Those whose files were read for reservations. */
  inspected = 0;
  /** Those that a standing registration calls generated. */
  registered = 0;
  selfVetted = 0;

  constructor(parts: Pick<Archive, 'catalog' | 'ledger'>) {
    this.#parts = parts;
  }

  /** Counts an asset, and says whether it is in this release by the consent of its makers. */
  add(row: ReleaseRow, manifest: ReleaseManifest): boolean {
    const { asset, size, mediaType, licence, level, selfVetted } = row;
    this.#levels.set(level, (this.#levels.get(level) ?? 0) + 1);
    this.selfVetted += selfVetted ? 1 : 0;
    const counts = this.#of(modalityOf(mediaType));
    counts.assets += 1;
    counts.bytes += size;
    counts.mediaTypes.add(mediaType);
    const isConsented = this.#addSaid(asset, counts, manifest);
    return isConsented || licence === '';
  }

  modalities(): TrainingSummary['modalities'] {
    return MODALITIES.flatMap((modality) => {
      const counts = this.#modalities.get(modality);
      if (counts === undefined) return [];
      const { assets, bytes, withoutLanguage, collected } = counts;
      const mediaTypes = counts.mediaTypes.told();
      return {
        ...{ modality, assets, bytes, mediaTypes },
        size: sizeRange({ modality, assets, bytes, mediaTypes }),
        sourceTypes: counts.sourceTypes.told(),
        languages: counts.languages.told(),
        ...{ withoutLanguage, collected },
      };
    });
  }

  levels(): TrainingSummary['sources']['synthetic']['levels'] {
    return Object.fromEntries(
      LEVELS.flatMap((level) => {
        const assets = this.#levels.get(level);
        return assets === undefined ? [] : [[level, assets] as const];
      }),
    );
  }

  protocols(): Protocols {
    return [...this.#protocols.values()].sort((a, b) => b.assets - a.assets);
  }

  #of(modality: Modality): OfModality {
    const known = this.#modalities.get(modality) ?? {
      ...{ assets: 0, bytes: 0, withoutLanguage: 0, collected: null },
      mediaTypes: new Counter(),
      sourceTypes: new Counter(),
      languages: new Counter(),
    };
    this.#modalities.set(modality, known);
    return known;
  }

  #addSaid(asset: Cid, counts: OfModality, manifest: ReleaseManifest): boolean {
    const facts = this.#parts.catalog.facts(asset);
    if (facts === undefined) {
      counts.withoutLanguage += 1;
      return false;
    }
    const said = saidOf(facts, this.#parts);
    if (said.collected !== undefined) counts.collected = extended(counts.collected, said.collected);
    for (const language of said.languages) counts.languages.add(language);
    if (said.languages.size === 0) counts.withoutLanguage += 1;
    for (const type of said.sourceTypes) counts.sourceTypes.add(type);
    this.inspected += said.isInspected ? 1 : 0;
    this.registered += said.isRegistered ? 1 : 0;
    const byProtocol = Map.groupBy(said.reservations, ({ protocol, by }) => `${protocol} ${by}`);
    for (const [key, alike] of byProtocol) this.#addReservations(key, alike, manifest);
    return wasConsented(asset, facts, manifest, this.#parts);
  }

  /** An asset counts once for each protocol, by the strictest of what is said. */
  #addReservations(
    key: string,
    alike: readonly BodyOf<'reservation'>[],
    manifest: ReleaseManifest,
  ): void {
    const [first] = alike;
    if (first === undefined) return;
    const { protocol, by, observedAt } = first;
    const counts = this.#protocols.get(key) ?? {
      ...{ protocol, by, assets: 0, observed: extended(null, observedAt) },
      ...{ allowed: 0, conditional: 0, reserved: 0, silent: 0 },
    };
    this.#protocols.set(key, counts);
    for (const one of alike) counts.observed = extended(counts.observed, one.observedAt);
    const said = new Set(alike.map((one) => reservedAs(one, manifest)));
    const strictest = STRICTEST.find((one) => said.has(one)) ?? 'silent';
    counts.assets += 1;
    counts[strictest] += 1;
  }
}

const STRICTEST: readonly ReservedAs[] = ['reserved', 'conditional', 'allowed'];
