import { toHex } from '../../core/hash.ts';
import type { CredentialList } from '../../core/policy/credential-list.ts';
import type { Archive } from '../archive.ts';

const PARTS = ['signers', 'timestampers', 'products', 'usages'] as const;

/** What one part of a trust list has that another has not, each by what people call it. */
export interface TrustChange {
  readonly part: (typeof PARTS)[number];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Returns what a trust list for credentials would change, part by part; parts that stay are left out. */
export function trustChanges(
  before: CredentialList,
  after: CredentialList,
  parts: Pick<Archive, 'intake' | 'sha256'>,
): readonly TrustChange[] {
  return PARTS.flatMap((part) => {
    const [old, next] = [namesIn(before, part, parts), namesIn(after, part, parts)];
    const added = [...next].filter(([key]) => !old.has(key)).map(([, name]) => name);
    const removed = [...old].filter(([key]) => !next.has(key)).map(([, name]) => name);
    return added.length + removed.length === 0 ? [] : [{ part, added, removed }];
  });
}

/** What is in a part, by all that is said of it. */
function namesIn(
  list: CredentialList,
  part: TrustChange['part'],
  { intake, sha256 }: Pick<Archive, 'intake' | 'sha256'>,
): ReadonlyMap<string, string> {
  switch (part) {
    case 'usages':
      return new Map(list.usages.map((oid) => [oid, oid]));
    case 'products':
      return new Map(
        list.products.map((product) => {
          const { organisation, name, level } = product;
          return [JSON.stringify(product), `${organisation}: ${name}, level ${level}`];
        }),
      );
    default:
      return new Map(
        list[part].map((certificate) => {
          const digest = toHex(sha256(Uint8Array.from(atob(certificate), (c) => c.charCodeAt(0))));
          return [
            certificate,
            `${intake.subjectOf(certificate)} (SHA-256 ${digest.slice(0, 16)}…)`,
          ];
        }),
      );
  }
}
