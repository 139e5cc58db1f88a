import type { Cid } from '../../core/cid.ts';
import type { AssetKind, Fact } from '../../core/provenance/facts.ts';
import {
  type ProvAttributes,
  ProvDocument,
  type ProvJson,
  type ProvValue,
  provType,
} from '../../core/provenance/prov-document.ts';
import { knownAsset } from '../known-assets.ts';
import { impactOf } from '../tracing/impact-of.ts';
import { lineageOf } from '../tracing/lineage-of.ts';

type Parts = Parameters<typeof impactOf>[1];

/** What is told by its own relation, lies in records, or opens something. */
const UNTOLD: ReadonlySet<string> = new Set(['record', 'text', 'code', 'parent']);

/**
 * Returns the provenance of one asset as PROV-JSON: every standing statement about it as an activity with who made
 * it, what it was made from, what was made from it, and where it went: releases, receipts, models. People are told by
 * their commitments; `withNames` adds what records that are not erased call them.
 *
 * @throws {ArchiveError} `input_invalid`, `not_found`, `home_corrupt`.
 */
export async function provenanceOf(
  text: string,
  withNames: boolean,
  parts: Parts,
): Promise<ProvJson> {
  const asset = knownAsset(text, parts.catalog);
  const document = new ProvDocument();
  const entity = document.add('entity', `asset:${asset}`, provType('rf:asset'));
  const known = parts.catalog.facts(asset)?.known ?? {};
  for (const [kind, facts] of Object.entries(known)) {
    // PROV knows one generation and one invalidation of a thing; what comes later uses it.
    const first = facts.map(({ at }) => at).sort()[0];
    const place = facts.findIndex(({ at }) => at === first);
    for (const [index, fact] of facts.entries()) {
      tellFact(document, entity, kind, fact, index === place);
    }
  }
  for (const { body } of [...(known.deposit ?? []), ...(known.description ?? [])]) {
    const record = withNames ? parts.ledger.record(body.record) : undefined;
    for (const [place, maker] of body.makers.entries()) {
      const name = record?.type === 'deposit' ? record.makers[place]?.name : undefined;
      const label: ProvAttributes = name === undefined ? {} : { 'prov:label': name };
      document.relate('wasAttributedTo', entity, document.add('agent', `maker:${maker}`, label));
    }
  }
  tellCuts(document, known.release ?? []);
  tellDescents(document, asset, parts);
  await tellUses(document, entity, asset, parts);
  return document.toJson();
}

function tellFact(
  document: ProvDocument,
  entity: string,
  kind: string,
  fact: Fact<AssetKind>,
  isFirst: boolean,
): void {
  const activity = document.add('activity', `statement:${fact.id}`, {
    ...{ ...provType(`rf:${kind}`), 'prov:endTime': fact.at },
    ...attributesOf(fact.body),
  });
  document.relate('wasAssociatedWith', activity, document.add('agent', fact.author));
  if (fact.envelope !== undefined) {
    const signer = document.add('agent', `maker:${fact.envelope.signer}`);
    document.relate('wasAssociatedWith', activity, signer);
  }
  if (isFirst && kind === 'deposit') document.relate('wasGeneratedBy', entity, activity);
  else if (isFirst && kind === 'removal') document.relate('wasInvalidatedBy', entity, activity);
  else document.relate('used', activity, entity);
}

/** Whoever says of a release first that it was cut has made it, as far as PROV can tell. */
function tellCuts(document: ProvDocument, cuts: readonly Fact<'release'>[]): void {
  const first = new Map(cuts.toReversed().map(({ id, body }) => [body.release, id]));
  for (const [release, id] of first) {
    const entity = document.add('entity', `asset:${release}`, provType('prov:Collection'));
    document.relate('wasGeneratedBy', entity, `statement:${id}`);
  }
}

/** What it was made from and what was made from it, as far as `lineage` goes. */
function tellDescents(document: ProvDocument, asset: Cid, parts: Parts): void {
  const { descents, isCut } = lineageOf(asset, parts);
  if (isCut) document.add('entity', `asset:${asset}`, { 'rf:lineage-is-cut': true });
  for (const { id, parent, child, relation, recipe } of descents) {
    const [from, made] = [parent, child].map((cid) =>
      document.add('entity', `asset:${cid}`, provType('rf:asset')),
    ) as [string, string];
    const kind = recipe === null ? 'derivation' : 'rendition';
    const how: ProvAttributes =
      recipe === null ? { 'rf:relation': relation } : { 'rf:recipe': recipe };
    const activity = document.add('activity', `statement:${id}`, {
      ...provType(`rf:${kind}`),
      ...how,
    });
    document.relate('wasDerivedFrom', made, from, { 'prov:activity': activity });
  }
}

/** Codes, numbers, times and digests: what statements say of people lies in records. */
function attributesOf(body: object): ProvAttributes {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]: [string, unknown]): [string, ProvValue][] => {
      if (UNTOLD.has(name)) return [];
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
      if (isPlain) return [[`rf:${name}`, value as string | number | boolean]];
      if (name !== 'findings' || !Array.isArray(value)) return [];
      return [
        [`rf:${name}`, value.map((one) => `${one.inspector} ${one.version}: ${one.outcome}`)],
      ];
    }),
  );
}

async function tellUses(
  document: ProvDocument,
  entity: string,
  asset: Cid,
  parts: Parts,
): Promise<void> {
  const pulled = new Map<string, string>();
  for await (const one of impactOf(asset, parts)) {
    if (one.kind === 'release') {
      const { name, version, left } = one;
      const called: ProvAttributes = name === null ? {} : { 'prov:label': `${name} ${version}` };
      const reason: ProvAttributes = left.reason === null ? {} : { 'rf:reason': left.reason };
      const release = document.add('entity', `asset:${one.release}`, {
        ...{ ...provType('prov:Collection'), ...called, 'rf:asset-is': left.is, ...reason },
      });
      document.relate('hadMember', release, entity);
      continue;
    }
    const activity = document.add('activity', `statement:${one.id}`, {
      ...{ ...provType(`rf:${one.kind}`), 'prov:endTime': one.at },
      'rf:obligation': one.obligation,
    });
    const author = one.kind === 'receipt' ? one.puller : one.by;
    document.relate('wasAssociatedWith', activity, document.add('agent', author));
    if (one.kind === 'receipt') {
      pulled.set(one.id, `asset:${one.release}`);
      document.relate('used', activity, `asset:${one.release}`);
      continue;
    }
    const model = document.add('entity', `rf:model-${one.weights}`, {
      ...{ ...provType('rf:model'), 'prov:label': one.model, 'rf:generative': one.generative },
    });
    document.relate('used', activity, model);
    for (const receipt of one.receipts) {
      const release = pulled.get(receipt);
      if (release !== undefined) document.relate('wasDerivedFrom', model, release);
    }
  }
}
