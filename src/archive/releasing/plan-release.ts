import type { ReleaseOptions, ReleasePlan } from '../../core/ports/release.ts';
import type { FailedRule } from '../../core/ports/release-candidates.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { policyInForce } from '../governing/policy-in-force.ts';
import type { CutRequest } from './cut-release.ts';
import { releaseMembers } from './release-members.ts';

/** How many assets the selection leaves out, by the first rule that fails. */
interface LeftOut extends FailedRule {
  readonly assets: number;
}

/**
 * Returns what a release would hold if it were cut now, and why the rest of the selection would be left
 * out. Writes nothing: no checkpoint, no release.
 *
 * @throws {ArchiveError} as `cutRelease`, but for what writing can meet.
 */
export async function planRelease(
  request: Omit<CutRequest, 'name' | 'version' | 'url'>,
  parts: Pick<Archive, 'ledger' | 'catalog' | 'content' | 'releases'>,
  options: ReleaseOptions = {},
): Promise<ReleasePlan & { readonly leftOut: readonly LeftOut[] }> {
  const { catalog, releases, ledger } = parts;
  const policy = policyInForce(request.policy, ledger);
  await catalog.catchUp();
  const { filter, rendition = null, purpose, requester, at } = request;
  const asked = { policy: request.policy, purpose, requester, at };
  const members = releaseMembers(catalog.candidates(filter, asked), rendition, parts);
  const plan = await releases.plan({ ...request, policy }, members, options);
  return { ...plan, leftOut: await counted(catalog.leftOut(filter, asked)) };
}

async function counted(failed: Iterable<FailedRule>): Promise<readonly LeftOut[]> {
  const counts = new Map<string, FailedRule & { assets: number }>();
  const turn = takeTurns();
  for (const { rule, code } of failed) {
    await turn();
    const key = `${rule} ${code}`;
    const one = counts.get(key) ?? { rule, code, assets: 0 };
    one.assets += 1;
    counts.set(key, one);
  }
  return [...counts.values()].sort((a, b) => b.assets - a.assets || (a.code < b.code ? -1 : 1));
}
