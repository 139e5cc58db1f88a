import type { ReleaseManifest } from '../core/dataset/manifest.ts';
import type { Pulled } from './pulled.ts';

/** Returns `PROVENANCE.md`: what a model card says of the data, with what shows it. */
export function provenanceText(
  { counts, notice, license, state, at: decided }: ReleaseManifest,
  pulled: Pulled,
): string {
  const { name, version, release, purpose, requester, policy, curator, receipt, withheld } = pulled;
  const { nodes, copiedFrom } = pulled;
  const [{ node = '', url = '', revision = 0 } = {}] = nodes;
  const from =
    copiedFrom === null
      ? `from ${url}, the node \`${node}\``
      : `as it was cut, from ${copiedFrom}; no node has said what was withdrawn since`;
  const left = counts.assets - withheld.length;
  const levels = Object.entries(counts.levels).map(([level, count]) => `${level}: ${count}`);
  const licences = Object.entries(counts.licences).map(([one, count]) => `${one}: ${count}`);
  return `# Provenance of the training data

| | |
|---|---|
| Dataset | ${name} ${version}, withdrawal revision ${revision} |
| Release | \`${release}\` |
| For | ${purpose} by ${requester}, under the policy ${policy.name} (\`${policy.cid}\`) |
| Cut by | \`${curator}\`, at the ledger state \`${state}\`, for ${decided} |
| Pulled | ${pulled.at} ${from} |
| Receipt | ${receipt === null ? 'none was given' : `\`${receipt}\` in the ledger; \`receipt.json\``} |
| Works | ${left}, of ${counts.assets} when it was cut; ${withheld.length} were withdrawn and left out |
| Licence | ${license} |
| Licences when cut | ${licences.join(', ')} |
| Evidence levels when cut | ${levels.join(', ')} |
| Makers when cut | ${counts.makers} named, ${counts.unnamed} works by nobody named |

${notice.map((sentence) => `- ${sentence}`).join('\n')}

What a maker withdraws is left out of everything that is pulled afterwards. Copies already taken and models
already trained are listed, not undone: run \`ringfence check\` before every training, and
\`ringfence pull --update\` for a folder without what was withdrawn.

Every block was checked against its CID on the way here, from a manifest that the curator has signed
(\`release.json\`, \`release.sig\`, \`release.tlog-proof\`). \`pulled.json\` lists what lies in this folder, and
what each node has signed of its newest revision; \`withdrawn/\` has the withdrawal lists.
`;
}
