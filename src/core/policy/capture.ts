import type { Cid } from '../cid.ts';
import type { BodyOf } from '../statements/kinds.ts';

type Finding = BodyOf<'finding'>['findings'][number];

/** Says whether a finding about a credential holds everything that evidence class C asks for. */
export function showsCapture({ inspector, outcome, facts }: Omit<Finding, 'version'>): boolean {
  const { credential, capture } = facts;
  if (inspector !== 'credentials' || outcome !== 'found' || credential !== 'trusted') return false;
  if (typeof capture !== 'object' || capture === null || Array.isArray(capture)) return false;
  return (capture as typeof facts)['shown'] === true;
}

/**
 * Says whether the credential of an asset shows capture from life to everybody who has looked at it with
 * the trust list in force. A list that loses a signer or a product so ends what rested on it, at once.
 */
export function isCaptureShown(findings: readonly Finding[], list: Cid | undefined): boolean {
  const looks = findings.filter(
    ({ inspector, facts }) => inspector === 'credentials' && facts['trustList'] === list,
  );
  return looks.length > 0 && looks.every(showsCapture);
}
