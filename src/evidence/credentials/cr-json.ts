/**
 * crJSON (C2PA 2.4): the report of a validator over all manifests of a store, the active one first.
 * What the assertions say comes from the file, so nothing in it has to be what it should be.
 */

export type Json = string | number | boolean | null | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [name: string]: Json;
}

/** One manifest as far as anything is read of it. */
export interface Manifest {
  readonly label: string;
  readonly assertions: JsonMap;
  readonly claim: JsonMap;
  readonly hasClaimV2: boolean;
  readonly signature: JsonMap;
  readonly successes: readonly Status[];
  readonly failures: readonly string[];
  /** Codes of the failures of its ingredients, as far as they are not its own. */
  readonly ingredientFailures: readonly string[];
}

export interface Status {
  readonly code: string;
  readonly explanation: string;
}

export function manifestsIn(crJson: string): readonly Manifest[] {
  return listAt(mapOf(JSON.parse(crJson)), 'manifests').map(manifestOf);
}

function manifestOf(value: Json): Manifest {
  const manifest = mapOf(value);
  const second = manifest['claim.v2'];
  const results = mapAt(manifest, 'validationResults');
  const deltas = listAt(manifest, 'ingredientDeltas').map((delta) =>
    mapAt(mapOf(delta), 'validationDeltas'),
  );
  return {
    label: textAt(manifest, 'label'),
    assertions: mapAt(manifest, 'assertions'),
    claim: mapOf(second ?? manifest['claim'] ?? null),
    hasClaimV2: second !== undefined,
    signature: mapAt(manifest, 'signature'),
    successes: statusesAt(results, 'success'),
    failures: codesOf(statusesAt(results, 'failure')),
    ingredientFailures: codesOf(deltas.flatMap((delta) => statusesAt(delta, 'failure'))),
  };
}

/** Yields the assertions of a sort: a second one of the same label has a number behind it. */
export function* assertionsOf(manifest: Manifest, label: string): Generator<JsonMap> {
  for (const [name, value] of Object.entries(manifest.assertions)) {
    if (name === label || name.startsWith(`${label}__`)) yield mapOf(value);
  }
}

/** Yields the actions of a manifest, of both versions of the assertion. */
export function* actionsOf(manifest: Manifest): Generator<JsonMap> {
  for (const label of ['c2pa.actions.v2', 'c2pa.actions']) {
    for (const assertion of assertionsOf(manifest, label)) {
      yield* listAt(assertion, 'actions').map(mapOf);
    }
  }
}

export function mapOf(value: Json | undefined): JsonMap {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as JsonMap) : {};
}

export function mapAt(map: JsonMap, name: string): JsonMap {
  return mapOf(map[name]);
}

export function listAt(map: JsonMap, name: string): readonly Json[] {
  const value = map[name];
  return Array.isArray(value) ? value : [];
}

export function textAt(map: JsonMap, name: string): string {
  const value = map[name];
  return typeof value === 'string' ? value : '';
}

function statusesAt(map: JsonMap, name: string): readonly Status[] {
  return listAt(map, name).map((status) => {
    const read = mapOf(status);
    return { code: textAt(read, 'code'), explanation: textAt(read, 'explanation') };
  });
}

function codesOf(statuses: readonly Status[]): readonly string[] {
  return [...new Set(statuses.map(({ code }) => code))].sort();
}
