import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { FileOffer } from '../../core/ports/intake.ts';
import type { MadeRendition } from '../../core/ports/rendering.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import type { Recipe } from '../../core/renditions/recipes.ts';
import { commitName } from '../../core/statements/record.ts';
import { createStatement } from '../../core/statements/statement.ts';
import { appendAll, type Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { inspectedSayings } from '../inspecting/inspected-sayings.ts';
import { holdSayings, unheldMatches } from '../matching/hold-matches.ts';
import { timestampOf } from '../now.ts';
import { originalOf } from '../original-of.ts';
import { itemId, NO_WORDS, recordBlock } from '../taking/deposit-of.ts';
import { inspectGroup, storeGroup, type TakenIn, takeIn } from '../taking/take-in.ts';
import { type MasterDeposit, masterOf } from './master-of.ts';
import { isStatedHere, renditionSaying } from './rendition-saying.ts';

/**
 * Makes a rendition of a work, takes it in as every file is taken in, and records it as a deposit of its
 * own with the licence, makers and words of its master, and as a rendition. What is said of the master
 * later goes for it by the rules of policies. Durable, and in the catalog, when the promise resolves;
 * what was made before is recorded once.
 *
 * @throws {ArchiveError} `rendition_refused`, `block_missing`, `tool_missing`, `media_unsuitable`,
 * `media_unreadable`, `work_limit`, `statement_rejected`, `disk_full`, `aborted`.
 */
export async function makeRendition(
  master: Cid,
  recipe: Recipe,
  archive: Archive,
  signal?: AbortSignal,
): Promise<{ readonly cid: Cid; readonly outcome: 'made' | 'known' }> {
  const deposit = masterOf(master, archive);
  const original = await originalOf(master, archive, signal);
  await using made = await archive.renditions.make(original, recipe, signal);
  const taken = await takenIn(made, recipe, archive, signal);
  const asset = taken.stored.cid;
  if (asset === master) {
    throw new ArchiveError('rendition_refused', `${recipe.name} of ${master} is the same file`);
  }
  if (isStatedHere(asset, master, recipe, archive)) return { cid: asset, outcome: 'known' };
  const sayings = await sayingsOf(
    taken,
    { master, recipe, version: made.version },
    deposit,
    archive,
  );
  await appendAll(archive.ledger, [sayings]);
  await archive.catalog.catchUp();
  return { cid: asset, outcome: 'made' };
}

async function takenIn(
  { path, size }: MadeRendition,
  { name, extension }: Recipe,
  archive: Archive,
  signal: AbortSignal | undefined,
): Promise<TakenIn> {
  const filename = `${name}.${extension}`;
  const offer: FileOffer = {
    ...{ kind: 'file', path: new TextEncoder().encode(path), name: filename, relative: filename },
    ...{ size, modifiedMs: archive.clock() },
  };
  const stored = await storeGroup([{ file: offer, row: undefined }], archive, { signal });
  const known = archive.catalog.known(stored.files.map((file) => file.stored.cid));
  const inspected = await inspectGroup(stored, (asset) => known.has(asset), archive, { signal });
  const { taken, refused } = takeIn(inspected, archive);
  const [file] = taken;
  if (file !== undefined) return file;
  throw refused[0]?.error ?? new ArchiveError('internal', `${filename} was made and not stored`);
}

async function sayingsOf(
  taken: TakenIn,
  made: Parameters<typeof renditionSaying>[1],
  master: MasterDeposit,
  archive: Archive,
): Promise<readonly Saying[]> {
  const { catalog, ledger } = archive;
  const asset = taken.stored.cid;
  const at = timestampOf(archive.clock);
  const facts = catalog.facts(asset);
  const { findings = [] } = taken;
  const found = findings.length === 0 ? [] : inspectedSayings(asset, findings, facts, at, archive);
  const deposits = facts === undefined ? [] : factsOf(facts, 'deposit');
  const isDeposited = deposits.some((one) => one.organisation === ledger.self.organisation);
  const said = renditionSaying(asset, made, at);
  if (isDeposited) return [...found, said];
  const compared = [{ asset, findings: taken.findings, isDeposited: true }];
  const matches = (await unheldMatches(compared, archive)).get(asset) ?? [];
  const deposit = depositSaying(taken, made, master, at, archive);
  return [...found, deposit, said, ...holdSayings(matches, archive)];
}

/** The file lies in the collection of its master, and is of the same work. */
function depositSaying(
  { stored, sha256, mediaType }: TakenIn,
  { master, recipe }: Parameters<typeof renditionSaying>[1],
  { deposit, record: words, licence }: MasterDeposit,
  at: string,
  archive: Archive,
): Saying {
  const { source, collection, work, part, makers } = deposit.body;
  const place = { id: collection, name: '' };
  const named = words?.makers.map(({ name, salt }) => commitName(name, salt, archive.sha256));
  const filename = `${recipe.name}.${recipe.extension}`;
  const record = recordBlock({ ...(words ?? NO_WORDS), filename }, archive);
  const statement = createStatement('deposit', { asset: stored.cid }, at, {
    size: stored.size,
    sha256,
    mediaType: mediaType ?? 'application/octet-stream',
    licence,
    ...{ source, collection, work, part },
    item: itemId(`${recipe.name} of ${master}`, place, archive),
    makers: [...(named ?? makers)],
    record: record.cid,
  });
  return { statement, records: [record] };
}
