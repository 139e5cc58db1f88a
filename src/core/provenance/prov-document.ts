/** A name in one of the document's namespaces (PROV-JSON §2.3); as a plain text it would be a literal. */
interface QualifiedName {
  readonly $: string;
  readonly type: 'prov:QUALIFIED_NAME';
}

/** A literal or name, or several literals, as PROV-JSON writes attributes. */
export type ProvValue =
  | string
  | number
  | boolean
  | QualifiedName
  | readonly (string | number | boolean)[];
export type ProvAttributes = Readonly<Record<string, ProvValue>>;

/** Relations that are told, each with its two ends (PROV-DM §5, PROV-JSON §3). */
const ENDS = {
  wasGeneratedBy: ['prov:entity', 'prov:activity'],
  used: ['prov:activity', 'prov:entity'],
  wasInvalidatedBy: ['prov:entity', 'prov:activity'],
  wasDerivedFrom: ['prov:generatedEntity', 'prov:usedEntity'],
  wasAttributedTo: ['prov:entity', 'prov:agent'],
  wasAssociatedWith: ['prov:activity', 'prov:agent'],
  hadMember: ['prov:collection', 'prov:entity'],
} as const;

/** Returns what a thing is: `prov:type` is a name. */
export function provType(name: `${'prov' | 'rf'}:${string}`): ProvAttributes {
  return { 'prov:type': { $: name, type: 'prov:QUALIFIED_NAME' } };
}

type ProvRelation = keyof typeof ENDS;

const PREFIXES = {
  prov: 'http://www.w3.org/ns/prov#',
  asset: 'ipfs://',
  statement: 'urn:ringfence:statement:',
  maker: 'urn:ringfence:commitment:',
  did: 'did:',
  rf: 'urn:ringfence:term:',
} as const;

type Part = Record<string, Record<string, ProvValue>>;

/** A document of PROV-JSON (W3C Member Submission of 24 April 2013). */
export type ProvJson = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Gathers a document of W3C PROV. What is told twice is one thing with the attributes of both. */
export class ProvDocument {
  readonly #parts = new Map<string, Part>();
  readonly #relations = new Set<string>();

  add(kind: 'entity' | 'activity' | 'agent', id: string, attributes: ProvAttributes = {}): string {
    const part = this.#part(kind);
    part[id] = { ...part[id], ...attributes };
    return id;
  }

  relate(relation: ProvRelation, from: string, to: string, attributes: ProvAttributes = {}): void {
    const key = JSON.stringify([relation, from, to]);
    if (this.#relations.has(key)) return;
    this.#relations.add(key);
    const [first, second] = ENDS[relation];
    const id = `_:${relation}${this.#relations.size}`;
    this.#part(relation)[id] = { [first]: from, [second]: to, ...attributes };
  }

  toJson(): ProvJson {
    return { prefix: PREFIXES, ...Object.fromEntries(this.#parts) };
  }

  #part(name: string): Part {
    const part = this.#parts.get(name) ?? {};
    this.#parts.set(name, part);
    return part;
  }
}
