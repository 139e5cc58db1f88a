import { join } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import type { ReleaseShard } from '../../core/dataset/manifest.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import type { LeftRelease, WrittenTables } from '../../core/ports/revision-tables.ts';
import { revisionNotice } from '../card/notice.ts';
import { tellBeside } from '../card/tell-beside.ts';
import { openDiskSink } from '../disk-sink.ts';
import type { FileSink, SunkFile } from '../file-sink.ts';
import type { ReleaseContent } from '../release-content.ts';
import { hashFile } from '../shards/hash-shards.ts';
import { licenceExpression } from '../tables/licence-terms.ts';
import { createMetadataTable } from '../tables/metadata-table.ts';
import { leftRows } from './left-rows.ts';
import { type LeftTally, openLeftTally } from './left-tally.ts';
import { attributedBy, describedBy, type WordLine, wordLines } from './left-words.ts';

export interface RetellParts {
  readonly content: Pick<ReleaseContent, 'read' | 'getBlock'>;
  readonly scratch: string;
}

/**
 * Writes the tables of what is left of a release into an empty folder, out of the tables that it was cut
 * with: rows and lines of what is withdrawn are left out. Shards whose sha-256 is known are not read.
 *
 * @throws {ArchiveError} as `RevisionTables.write`.
 */
export async function retellRelease(
  left: LeftRelease,
  known: ReadonlyMap<Cid, string>,
  folder: string,
  { content, scratch }: RetellParts,
  signal: AbortSignal,
): Promise<WrittenTables> {
  const { manifest, revision, issued } = left;
  const { files } = manifest;
  await using tally = openLeftTally(scratch);
  const nodes = new Map<Cid, Uint8Array>();

  async function write(name: string, texts: Iterable<string> | AsyncIterable<string>) {
    await using sink = await openDiskSink(join(folder, name), nodes);
    for await (const text of texts) {
      throwIfAborted(signal);
      await sink.write(Buffer.from(text));
    }
    return { name, ...(await sink.finish()) };
  }

  const { metadata: name, attribution, descriptions } = RELEASE_FILES;
  await using rows = await openDiskSink(join(folder, name), nodes);
  const metadata = { name, ...(await writeRows(left, tally, rows, content, signal)) };
  const attributed = wordLines(files[attribution]?.cid, attributedBy, content);
  const keyOf = (line: string) => describedBy(line)?.key ?? '';
  const described = wordLines(files[descriptions]?.cid, keyOf, content);
  const tables = [
    metadata,
    await write(attribution, leftLines(attributed, left)),
    await write(
      descriptions,
      leftLines(described, left, async ({ asset, text }) => {
        await tally.addCreator(asset, describedBy(text)?.creator ?? '');
      }),
    ),
  ];
  const shards = await hashed(left, known, content, signal);
  const sums = new Map(shards.map(({ cid, sha256 }) => [cid, sha256]));
  // A shard that nothing is left of is none to load.
  const loaded = shards.filter(({ samples }) => samples > 0);
  const { counts, splits } = await tally.finish(loaded);
  const told = {
    ...manifest,
    // Semantic versions have one "+" at most.
    version: `${manifest.version}${manifest.version.includes('+') ? '.' : '+'}w${revision}`,
    license: licenceExpression(Object.keys(counts.licences)),
    ...{ counts, splits, shards: loaded },
    notice: [...revisionNotice(manifest, revision, counts)],
  };
  const all = await tellBeside(told, tables, (name, text) => write(name, [text]), issued);
  const named = all.map(({ name, cid, size, sha256 }) => [name, { cid, size, sha256 }] as const);
  return { files: Object.fromEntries(named), sums, nodes };
}

async function writeRows(
  left: LeftRelease,
  tally: LeftTally,
  sink: FileSink,
  content: Pick<ReleaseContent, 'read'>,
  signal: AbortSignal,
): Promise<SunkFile> {
  const table = createMetadataTable(sink);
  for await (const row of leftRows(left, content)) {
    throwIfAborted(signal);
    await table.add(row);
    await tally.addRow(row);
  }
  return table.finish();
}

async function* leftLines(
  lines: AsyncIterable<readonly WordLine[]>,
  { withdrawn }: LeftRelease,
  onLine?: (line: WordLine) => Promise<void>,
): AsyncGenerator<string> {
  for await (const some of lines) {
    const left = some.filter(({ asset }) => !withdrawn.has(asset));
    for (const line of left) await onLine?.(line);
    yield left.map(({ text }) => `${text}\n`).join('');
  }
}

/** Returns the shards as they are now, reading those whose sha-256 nobody knows. */
async function hashed(
  { manifest, shards }: LeftRelease,
  known: ReadonlyMap<Cid, string>,
  content: Pick<ReleaseContent, 'read'>,
  signal: AbortSignal,
): Promise<readonly ReleaseShard[]> {
  const told: ReleaseShard[] = [];
  for (const cut of manifest.shards) {
    const now = { ...cut, ...shards.get(cut.name) };
    const sha256 = now.sha256 ?? known.get(now.cid) ?? (await hashFile(now, content, { signal }));
    told.push({ ...now, sha256 });
  }
  return told;
}
