import type { Cid } from '../../core/cid.ts';
import type { KnownItem } from '../../core/ports/catalog.ts';
import { factsOf } from '../../core/provenance/facts.ts';
import { mediaType } from '../../core/statements/fields.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';
import { type Together, togetherOf } from '../inspecting/ingredient-sayings.ts';
import { inspectedSayings } from '../inspecting/inspected-sayings.ts';
import { sourceSayings } from '../inspecting/reservations-of.ts';
import { timestampOf } from '../now.ts';
import {
  type Collection,
  type Described,
  describe,
  isSameDescription,
  recordBlock,
} from './deposit-of.ts';
import type { TakenIn } from './take-in.ts';

const UNKNOWN_TYPE = 'application/octet-stream';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'clock' | 'randomBytes' | 'sha256'>;

/** What one taken file leads to. */
export interface Recorded {
  readonly file: TakenIn;
  readonly asset: Cid;
  readonly outcome: 'deposited' | 'described' | 'unchanged';
  readonly known: KnownItem | undefined;
  readonly sayings: readonly Saying[];
}

/**
 * Returns the statements that each taken file needs: a deposit and its findings the first time, a
 * description or licence where the catalogue has changed since, nothing otherwise.
 */
export function recordsOf(
  taken: readonly TakenIn[],
  collection: Collection,
  catalogue: string,
  parts: Parts,
): readonly Recorded[] {
  const offered = taken.map((file) => ({
    file,
    described: describe(file.file, file.row, collection, catalogue, parts),
  }));
  const items = offered.map(({ described }) => described.item);
  const known = parts.catalog.items(collection.id, items);
  const described = new Set<string>();
  const together = togetherOf(
    taken.map(({ stored, findings }) => ({ asset: stored.cid, findings })),
  );
  return offered.map(({ file, described: says }) => {
    const here = known.get(says.item);
    const before =
      here?.asset === file.stored.cid
        ? here
        : depositedBefore(file, says, described, collection, parts);
    if (before !== undefined) described.add(before.deposit);
    return recordOf(file, says, before, { collection, together }, parts);
  });
}

/**
 * Returns the deposit that a file has in the collection under another name: one made before its
 * catalogue named it, or, of a file that now comes without a row, one that a row describes. So what
 * is offered bare and catalogued later, or the other way round, is not deposited a second time,
 * once with no licence. `taken` are deposits of others in the group.
 */
function depositedBefore(
  { stored, row, findings }: TakenIn,
  { record }: Described,
  taken: ReadonlySet<string>,
  collection: Collection,
  { catalog, ledger }: Parts,
): KnownItem | undefined {
  if (findings !== undefined) return undefined;
  const own = (catalog.asset(stored.cid)?.deposits ?? []).filter(
    (deposit) =>
      deposit.organisation === ledger.self.organisation && deposit.collection === collection.name,
  );
  const bare = own.find(({ id, licence }) => licence === null && !taken.has(id));
  const found =
    row === undefined
      ? own.find(({ licence }) => licence !== null)
      : (own.find(({ filename }) => filename === record.filename) ?? bare);
  if (found === undefined) return undefined;
  return catalog.items(collection.id, [found.item]).get(found.item);
}

function recordOf(
  taken: TakenIn,
  described: Described,
  known: KnownItem | undefined,
  { collection, together }: { readonly collection: Collection; readonly together: Together },
  parts: Parts,
): Recorded {
  const asset = taken.stored.cid;
  const at = timestampOf(parts.clock);
  const facts = parts.catalog.facts(asset);
  const findings = [
    ...(taken.findings === undefined
      ? []
      : inspectedSayings(asset, taken.findings, facts, at, parts, together)),
    ...sourceSayings(taken.file.fetched?.signals ?? [], { asset, facts, at }, parts),
  ];
  if (known === undefined) {
    const sayings = [...findings, depositSaying(taken, described, collection, at, parts)];
    return { file: taken, asset, outcome: 'deposited', known: undefined, sayings };
  }
  const changes = taken.row === undefined ? [] : changesOf(asset, known, described, at, parts);
  return {
    file: taken,
    asset,
    outcome: changes.length > 0 ? 'described' : 'unchanged',
    known,
    sayings: [...findings, ...changes],
  };
}

function depositSaying(
  taken: TakenIn,
  described: Described,
  collection: Collection,
  at: string,
  parts: Parts,
): Saying {
  const asset = taken.stored.cid;
  const record = recordBlock(described.record, parts);
  return {
    statement: createStatement('deposit', { asset }, at, {
      size: taken.stored.size,
      sha256: taken.sha256,
      mediaType: mediaTypeOf(taken),
      licence: described.licence,
      source: described.source,
      collection: collection.id,
      work: described.work,
      part: described.part,
      item: described.item,
      makers: [...described.makers],
      record: record.cid,
    }),
    records: [record],
  };
}

/** The type in the bytes where an inspector knows one, else what the catalogue says. */
function mediaTypeOf(taken: TakenIn): string {
  const isKnown = taken.mediaType !== undefined && taken.mediaType !== UNKNOWN_TYPE;
  const stated = isKnown ? taken.mediaType : taken.row?.mediaType;
  return stated == null ? UNKNOWN_TYPE : (mediaType.safeParse(stated).data ?? UNKNOWN_TYPE);
}

function changesOf(
  asset: Cid,
  known: KnownItem,
  described: Described,
  at: string,
  parts: Parts,
): Saying[] {
  const changes: Saying[] = [];
  if (known.record !== undefined && !isSameDescription(known.record, described.record)) {
    const record = recordBlock(described.record, parts);
    changes.push({
      statement: createStatement('description', { asset }, at, {
        deposit: known.deposit,
        mediaType: null,
        makers: [...described.makers],
        record: record.cid,
      }),
      records: [record],
    });
  }
  if (known.licence !== described.licence) {
    const facts = parts.catalog.facts(asset);
    const earlier = facts === undefined ? [] : factsOf(facts, 'licence');
    changes.push({
      statement: createStatement('licence', { asset }, at, {
        deposit: known.deposit,
        licence: described.licence,
        replaces: earlier
          .filter((fact) => fact.body.deposit === known.deposit)
          .map((fact) => fact.id)
          .slice(-16),
        record: null,
      }),
    });
  }
  return changes;
}
