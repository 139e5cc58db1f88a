import type { Cid } from '../../core/cid.ts';
import { showsCapture } from '../../core/policy/capture.ts';
import type { Finding } from '../../core/ports/inspector.ts';
import { type AssetFacts, factsOf } from '../../core/provenance/facts.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Saying } from '../append-all.ts';
import type { Archive } from '../archive.ts';

const METHOD = 'content-credentials';

/**
 * Returns the statement that a credential shows capture from life, where fresh findings hold all that
 * evidence class C asks for and nobody of this organisation has stated it yet. It counts once somebody
 * else has confirmed it, and only while the finding behind it stands.
 */
export function captureSayings(
  asset: Cid,
  findings: readonly Finding[],
  facts: AssetFacts | undefined,
  at: string,
  { ledger }: Pick<Archive, 'ledger'>,
): readonly Saying[] {
  if (!findings.some(showsCapture) || !mayState(ledger)) return [];
  const stated = facts === undefined ? [] : factsOf(facts, 'evidence');
  const isStated = stated.some(
    ({ organisation, body }) =>
      organisation === ledger.self.organisation && body.class === 'capture',
  );
  if (isStated) return [];
  const statement = createStatement('evidence', { asset }, at, {
    class: 'capture',
    method: METHOD,
    outcome: 'shown',
    existedBy: null,
    digests: [],
    expires: null,
    record: null,
  });
  return [{ statement }];
}

/** Partners record findings, and leave it to others what they come to. */
function mayState(ledger: Archive['ledger']): boolean {
  const roles = ledger.memberOf(ledger.self.did)?.roles ?? [];
  return roles.some((role) => role === 'steward' || role === 'archivist' || role === 'reviewer');
}
