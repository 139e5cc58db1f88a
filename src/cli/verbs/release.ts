import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  exportDataset,
  listReleases,
  showRelease,
  verifyDataset,
} from '../../archive/operations/make-releases.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, countText, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { addCut } from './release-cut.ts';
import { addHolders } from './release-holders.ts';
import { addImpact } from './release-impact.ts';
import { addMembers } from './release-members.ts';

export function addRelease(program: Command, bind: Bind): void {
  const release = program
    .command('release')
    .summary('cut, read and export datasets')
    .description('A release is an immutable dataset of what was eligible when it was cut.')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence release cut prints && ringfence release list\n' +
        '  ringfence release export bafybei… --out dataset/',
    );
  addCut(release, bind);
  const listing = release
    .command('list')
    .summary('list the releases this archive has cut')
    .description('Lists the CID of each release with its time, size, purpose and requester.')
    .addHelpText('after', '\nExample:\n  ringfence release list --json');
  bind(listing, list);
  const showing = release
    .command('show')
    .summary('show what a release says of itself')
    .description(
      'Prints the manifest of a release: for whom and what, licences, levels, claims, shards.',
    )
    .argument('<release>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release show bafybei… --json');
  bind(showing, show);
  const verifying = release
    .command('verify')
    .summary('recompute everything a release claims')
    .description(
      'Reads every shard and recomputes all digests and the place of each asset. What was removed since ' +
        'is told with its removal, and all else is verified; nothing is wrong then. Exits with 4 if anything is.',
    )
    .argument('<release>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release verify bafybei…');
  bind(verifying, verify);
  const exporting = release
    .command('export')
    .summary('write a release as ordinary files')
    .description(
      'Writes shards, metadata and card into a folder; README.md there says how to load them. ' +
        'Nothing is overwritten; run again, it writes what is missing. A release with a removed asset is refused ' +
        'with content_removed: "pull" gives the newest revision, without it.',
    )
    .argument('<release>', 'CID of the release')
    .requiredOption('--out <dir>', 'folder to write to (required)')
    .addHelpText('after', '\nExample:\n  ringfence release export bafybei… --out dataset/');
  bind(exporting, write);
  addImpact(release, bind);
  addMembers(release, bind);
  addHolders(release, bind);
}

async function list(context: Context) {
  const releases = await perform(context, listReleases, {});
  for (const release of releases) {
    context.output.document(release);
    context.output.line(
      `${release.release}  ${release.at}  ${countOf(release.assets, 'asset')} for ` +
        `${release.purpose} by ${release.requester}`,
    );
  }
  if (releases.length === 0) context.output.line('No release has been cut yet.');
  return EXIT.done;
}

async function show(context: Context, release: string) {
  const manifest = await perform(context, showRelease, { release });
  context.output.document(manifest);
  const { name, version, purpose, requester, policy, counts } = manifest;
  context.output.line(`${printable(name)} ${version}: ${countOf(counts.assets, 'asset')}`);
  context.output.line(`  for     ${purpose} by ${requester}, under ${policy.name}`);
  context.output.line(`  state   ${manifest.state} at ${manifest.at}`);
  for (const [licence, assets] of Object.entries(counts.licences)) {
    context.output.line(`  licence ${licence}: ${countText(assets)}`);
  }
  for (const [level, assets] of Object.entries(counts.levels)) {
    context.output.line(`  level   ${level}: ${countText(assets)}`);
  }
  for (const sentence of manifest.notice) context.output.line(`  ${sentence}`);
  for (const shard of manifest.shards) {
    context.output.line(`  shard   ${shard.name}  ${bytesText(shard.size)}  ${shard.cid}`);
  }
  return EXIT.done;
}

async function verify(context: Context, release: string) {
  const report = await perform(context, verifyDataset, { release }, (hole) => {
    context.output.document(hole);
    const { asset, shard, removal, at, reason } = hole;
    context.output.line(
      `${printable(shard)}: ${asset} is gone: removed at ${at}, ${printable(reason)} (${removal})`,
    );
  });
  context.output.document(report);
  for (const problem of report.problems) {
    context.output.line(
      `${printable(problem.subject)}: ${printable(problem.text)} [${problem.code}]`,
    );
  }
  context.output.line(
    `${report.ok ? soundText(report) : countOf(report.problems.length, 'problem')}: ` +
      `${countOf(report.assets, 'asset')} in ${countOf(report.shards, 'shard')}`,
  );
  return report.ok ? EXIT.done : EXIT.unsound;
}

function soundText({ removed }: { readonly removed: number }): string {
  return removed === 0 ? 'All sound' : `All sound but for ${countOf(removed, 'removed asset')}`;
}

async function write(context: Context, release: string, options: { readonly out: string }) {
  const folder = resolve(options.out);
  const done = await perform(context, exportDataset, { release, folder });
  context.output.document({ ...done, folder });
  context.output.line(
    `${countOf(done.files, 'file')}, ${bytesText(done.bytes)} in ${printable(folder)}`,
  );
  return EXIT.done;
}
