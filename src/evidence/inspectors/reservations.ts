import { PURPOSES } from '../../core/policy/purposes.ts';
import {
  signalsInPage,
  signalsInRobots,
  signalsInRsl,
  signalsInTdmrep,
} from '../../core/reservations/read-signals.ts';
import {
  type ReadSignal,
  type ReservationSignal,
  strictest,
} from '../../core/reservations/signal.ts';
import { plusDataMining, tdmrep, trainingMining } from '../../core/reservations/vocabularies.ts';
import { type ByteSource, type Inspection, type Inspector, NOT_APPLICABLE } from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';
import { containerOf } from '../readers/container.ts';
import { epubPackage } from '../readers/epub-package.ts';
import { mediaTexts } from '../readers/media-texts.ts';
import { isReadWhole, metadataOf } from '../readers/metadata.ts';
import type { MetadataBlock } from '../readers/metadata-block.ts';
import { storeTexts } from '../readers/store-texts.ts';
import { decodeXml } from '../readers/text-encoding.ts';
import { localName, xmlValues } from '../readers/xml-values.ts';
import { Shortfalls } from '../shortfalls.ts';

/**
 * Machine-readable reservations that a file carries: TDMRep in XMP, tags, EPUB and HTML, PLUS Data Mining,
 * `noai`, training and mining entries of C2PA manifests (not validated), RSL documents, and the files in
 * which sites state theirs (`robots.txt`, `tdmrep.json`).
 *
 * That there is none grants nothing.
 */
export const reservations: Inspector = {
  name: 'reservations',
  version: 2,
  readsAll: false,
  inspect,
};

const DOCUMENT_BYTES = 4 * 1024 * 1024;
/** Cheap tests before a text is taken apart. */
const IN_XMP = /reservation|DataMining/i;
const IN_STORE = ['ai_training', 'ai_generative_training', 'ai_inference', 'data_mining'];

async function inspect(source: ByteSource): Promise<Inspection> {
  const container = containerOf(source);
  const found = new FoundSignals();
  const shortfalls = new Shortfalls();
  const addFrom = (blocks: Iterable<MetadataBlock>) => {
    for (const block of blocks) shortfalls.attempt(() => found.addFrom(block));
  };
  if (container === 'other') {
    if (!addSiteFile(source, found)) {
      const packageDocument = epubPackage(source);
      if (packageDocument === undefined) return NOT_APPLICABLE;
      found.add('epub', signalsInPage(packageDocument));
    }
    return found.toInspection(true);
  }
  shortfalls.attempt(() => addFrom(metadataOf(source, container)));
  await shortfalls.attemptAsync(async () => addFrom(await mediaTexts(source, container)));
  if (container === 'xml') addDocument(source, found);
  if (found.isEmpty) shortfalls.throwIfAny();
  return found.toInspection(isReadWhole(source, container));
}

/** What a site says in files of its own, known by their names. */
function addSiteFile(source: ByteSource, found: FoundSignals): boolean {
  const name = source.filename.split('/').at(-1)?.toLowerCase();
  if (name !== 'robots.txt' && name !== 'tdmrep.json') return false;
  const text = decodeXml(source.read(0, DOCUMENT_BYTES));
  if (name === 'robots.txt') found.add('robots', signalsInRobots(text));
  else found.add('tdmrep-json', signalsInTdmrep(text));
  return true;
}

function addDocument(source: ByteSource, found: FoundSignals): void {
  const text = decodeXml(source.read(0, DOCUMENT_BYTES));
  found.add('page', signalsInPage(text));
  if (/<(?:\w+:)?rsl[\s>]/.test(text)) found.add('rsl', signalsInRsl(text));
}

type Carrier =
  | 'xmp'
  | 'tag'
  | 'c2pa-unvalidated'
  | 'page'
  | 'epub'
  | 'rsl'
  | 'robots'
  | 'tdmrep-json';

class FoundSignals {
  readonly #signals = new Map<string, { carrier: Carrier; signals: ReservationSignal[] }>();
  readonly #raw = new RawTexts();

  get isEmpty(): boolean {
    return this.#signals.size === 0;
  }

  add(carrier: Carrier, signals: Iterable<ReadSignal>): void {
    for (const signal of signals) {
      const key = `${signal.protocol} ${carrier}`;
      const known = this.#signals.get(key) ?? { carrier, signals: [] };
      known.signals.push(signal);
      this.#signals.set(key, known);
      this.#raw.add(`${carrier}:${signal.protocol}`, signal.text);
    }
  }

  addFrom(block: MetadataBlock): void {
    if (block.kind === 'xmp') this.add('xmp', inXmp(block.bytes()));
    else if (block.kind === 'c2pa') this.add('c2pa-unvalidated', inStore(block.bytes()));
    else if (block.kind === 'text' && IN_XMP.test(block.key)) {
      this.add('tag', readProperty(block.key, block.text().text));
    }
  }

  toInspection(complete: boolean): Inspection {
    const signals = [...this.#signals.values()].map(({ carrier, signals: all }) => ({
      protocol: all[0]?.protocol ?? '',
      carrier,
      values: strictest(all.map(({ values }) => values)),
    }));
    signals.sort((a, b) => (`${a.protocol} ${a.carrier}` < `${b.protocol} ${b.carrier}` ? -1 : 1));
    const together = strictest(signals.map(({ values }) => values));
    const reserved = PURPOSES.filter((purpose) => (together[purpose] ?? 'allow') !== 'allow');
    const outcome = this.isEmpty ? 'none' : 'found';
    return { outcome, facts: { signals, reserved: [...reserved], complete }, raw: this.#raw.all };
  }
}

function* inXmp(bytes: Uint8Array): Generator<ReadSignal> {
  const text = decodeXml(bytes);
  if (!IN_XMP.test(text)) return;
  for (const { name, value } of xmlValues(text)) yield* readProperty(name, value);
}

/** `tdm:reservation` of XMP, also as `tdm-reservation`, and `plus:DataMining`. */
function* readProperty(name: string, value: string): Generator<ReadSignal> {
  const local = localName(name).toLowerCase();
  const isTdm = local === 'reservation' || local === 'tdm-reservation';
  const signal = isTdm ? tdmrep(value) : local === 'datamining' ? plusDataMining(value) : undefined;
  if (signal !== undefined) yield { ...signal, text: `${name}: ${value}` };
}

function* inStore(bytes: Uint8Array): Generator<ReadSignal> {
  for (const { key, parent, text } of storeTexts(bytes, IN_STORE)) {
    const signal = key === 'use' ? trainingMining(parent, text) : undefined;
    if (signal !== undefined) yield { ...signal, text: `${parent}: ${text}` };
  }
}
