import type { Asset } from '../api/queries.ts';

/** What the inspector of Content Credentials found, as far as the page tells it. */
export interface CredentialView {
  readonly state: string;
  readonly signedAt: string | null;
  /** An authority of time stamps says so, and not the signer alone. */
  readonly isTimeTrusted: boolean;
  /** Of the file's own manifest. */
  readonly own: readonly Ingredient[];
  /** Ingredients of ingredients. */
  readonly deeper: number;
  /** The last words of IPTC's addresses. */
  readonly sourceTypes: readonly string[];
}

interface Ingredient {
  readonly relationship: string | null;
  readonly manifest: string | null;
}

/** Returns what was found; undefined where the file has none. Findings come from any member, so each fact is looked at. */
export function credentialIn({ findings }: Pick<Asset, 'findings'>): CredentialView | undefined {
  const found = findings.find(({ inspector }) => inspector === 'credentials');
  if (found === undefined || found.outcome === 'none' || found.outcome === 'not-applicable') {
    return undefined;
  }
  const { credential, signedAt, timeTrusted, ingredients, digitalSourceTypes } = found.facts;
  const { own, count }: Record<string, unknown> = Object(ingredients);
  const listed = (Array.isArray(own) ? own : []).map((one: unknown) => {
    const { relationship, manifest }: Record<string, unknown> = Object(one);
    return { relationship: textOr(relationship), manifest: textOr(manifest) };
  });
  const types = Array.isArray(digitalSourceTypes) ? digitalSourceTypes : [];
  return {
    state: textOr(credential) ?? 'unreadable',
    signedAt: textOr(signedAt),
    isTimeTrusted: timeTrusted === true,
    own: listed,
    deeper: Math.max((typeof count === 'number' ? count : 0) - listed.length, 0),
    sourceTypes: types.map((uri) => `${uri}`.slice(`${uri}`.lastIndexOf('/') + 1)),
  };
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
