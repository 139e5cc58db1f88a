import type { Asset } from '../api/queries.ts';

/** What the inspector of Content Credentials found, as far as the page tells it. */
export interface CredentialView {
  readonly state: string;
  readonly signedAt: string | null;
  /** An authority of time stamps says so, and not the signer alone. */
  readonly isTimeTrusted: boolean;
  /** Of the file's own manifest, each with its own in turn. */
  readonly own: readonly Ingredient[];
  /** Ingredients that are not told one by one. */
  readonly untold: number;
  /** The last words of IPTC's addresses. */
  readonly sourceTypes: readonly string[];
}

export interface Ingredient {
  /** By which the text in the file that names it is found: `ingredients[0].ingredients[2]`. */
  readonly where: string;
  readonly relationship: string | null;
  readonly manifest: string | null;
  /** Whether something is amiss with its credentials. */
  readonly isAmiss: boolean;
  readonly sourceTypes: readonly string[];
  readonly ingredients: readonly Ingredient[];
}

/** Ingredients that are shown, and levels of them, whatever a finding says. */
const MOST = 128;
const MOST_LEVELS = 16;

/** Returns what was found; undefined where the file has none. Findings come from any member, so each fact is looked at. */
export function credentialIn({ findings }: Pick<Asset, 'findings'>): CredentialView | undefined {
  const found = findings.find(({ inspector }) => inspector === 'credentials');
  if (found === undefined || found.outcome === 'none' || found.outcome === 'not-applicable') {
    return undefined;
  }
  const { credential, signedAt, timeTrusted, ingredients, digitalSourceTypes } = found.facts;
  const { own, count }: Record<string, unknown> = Object(ingredients);
  const room = { left: MOST };
  const listed = ingredientsIn(own, '', 1, room);
  return {
    state: textOr(credential) ?? 'unreadable',
    signedAt: textOr(signedAt),
    isTimeTrusted: timeTrusted === true,
    own: listed,
    untold: Math.max((typeof count === 'number' ? count : 0) - (MOST - room.left), 0),
    sourceTypes: lastWords(digitalSourceTypes),
  };
}

function ingredientsIn(
  told: unknown,
  above: string,
  level: number,
  room: { left: number },
): readonly Ingredient[] {
  if (!Array.isArray(told) || level > MOST_LEVELS) return [];
  const taken = told.slice(0, room.left);
  room.left -= taken.length;
  return taken.map((one: unknown, at) => {
    const said: Record<string, unknown> = Object(one);
    const where = `${above}ingredients[${at}]`;
    return {
      where,
      relationship: textOr(said['relationship']),
      manifest: textOr(said['manifest']),
      isAmiss: Array.isArray(said['codes']) && said['codes'].length > 0,
      sourceTypes: lastWords(said['digitalSourceTypes']),
      ingredients: ingredientsIn(said['ingredients'], `${where}.`, level + 1, room),
    };
  });
}

/** The last words of addresses. */
function lastWords(uris: unknown): readonly string[] {
  const listed = Array.isArray(uris) ? uris : [];
  return listed.map((uri) => `${uri}`.slice(`${uri}`.lastIndexOf('/') + 1));
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
