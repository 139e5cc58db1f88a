import type { Cid } from '../../core/cid.ts';
import {
  TRAINING_SUMMARY_SPEC,
  type TrainingSummary,
} from '../../core/dataset/training-summary.ts';
import { INQUIRY_PATH } from '../../core/sharing/inquiry-path.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';
import { type CountedDataset, countDataset, type DatasetParts } from './count-dataset.ts';
import { MemberCounts } from './count-members.ts';
import type { Counter } from './counter.ts';
import { GENERAL, PROCESSING, SOURCES, SYNTHETIC, TEMPLATE } from './template-blanks.ts';

type Parts = DatasetParts & Pick<Archive, 'settings'>;

/**
 * Returns what this archive knows of the answers to the template for the public summary of training content, for
 * a model that was trained on these recorded releases as they were cut. An asset of several counts once. Reads
 * every row, and what the ledger says now of its asset, in constant memory.
 *
 * @throws {ArchiveError} `release_invalid`, `block_missing`, `block_corrupt`, `home_corrupt`.
 */
export async function trainingSummaryOf(
  releases: readonly Cid[],
  parts: Parts,
  /** Told of every asset that is read; what it throws ends the work. */
  onAsset: () => void,
): Promise<TrainingSummary> {
  const { ledger, clock } = parts;
  const members = new MemberCounts(parts);
  const counted: CountedDataset[] = [];
  for (const [place, release] of releases.entries()) {
    const before = new Set(releases.slice(0, place));
    counted.push(await countDataset(release, before, members, parts, onAsset));
  }
  const datasets = counted.map(({ told }) => told);
  const byLicence = (isOpen: boolean) =>
    summed(counted.flatMap(({ told, licensed }) => (told.isOpen === isOpen ? [licensed] : [])));
  const { inspected, registered, selfVetted } = members;
  return {
    ...{ spec: TRAINING_SUMMARY_SPEC, status: 'draft', template: TEMPLATE },
    prepared: timestampOf(clock),
    archive: { name: ledger.charter.name, address: ledger.address, node: ledger.self.did },
    general: GENERAL,
    modalities: members.modalities(),
    datasets,
    sources: {
      ...SOURCES,
      public: byLicence(true),
      licensed: summed(counted.map(({ consented }) => consented)),
      otherPrivate: byLicence(false),
      synthetic: { registered, levels: members.levels(), selfVetted, byProvider: SYNTHETIC },
    },
    processing: {
      ...PROCESSING,
      ...{ inspected, protocols: members.protocols() },
      complaints: await complaintsTo(datasets, parts),
    },
  };
}

function summed(counters: readonly Counter[]): TrainingSummary['sources']['public'] {
  const modalities: Record<string, number> = {};
  for (const counter of counters) {
    for (const [name, count] of Object.entries(counter.told())) {
      modalities[name] = (modalities[name] ?? 0) + count;
    }
  }
  return { assets: Object.values(modalities).reduce((sum, count) => sum + count, 0), modalities };
}

async function complaintsTo(
  datasets: TrainingSummary['datasets'],
  { settings }: Pick<Archive, 'settings'>,
): Promise<TrainingSummary['processing']['complaints']> {
  const isOpen = (await settings.read()).some(
    ({ name, value }) => name === 'inquiries.open' && value === true,
  );
  const origins = new Set(datasets.flatMap(({ url }) => (url === '' ? [] : new URL(url).origin)));
  return { isOpen, pages: isOpen ? [...origins].map((origin) => origin + INQUIRY_PATH) : [] };
}
