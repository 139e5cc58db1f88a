import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cutRelease } from '../../archive/cut-release.ts';
import { timestampOf } from '../../archive/now.ts';
import { type Cid, isCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseProgress } from '../../core/ports/release.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { bytesText, countOf, countText, printable } from '../printable.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../question.ts';
import { type Bind, type Context, withArchive } from '../session.ts';

interface CutOptions extends QuestionOptions {
  readonly as: string;
  readonly query?: string;
  readonly collection?: string;
  readonly media?: string;
  readonly licence?: string;
  readonly maker?: string;
  readonly seed: string;
  readonly validation?: string;
}

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
  bind(cutCommand(release), cut);
  const list = release
    .command('list')
    .summary('list the releases this archive has cut')
    .description('Lists the CID of each release with its time, size, purpose and requester.')
    .addHelpText('after', '\nExample:\n  ringfence release list --json');
  bind(list, listReleases);
  const show = release
    .command('show')
    .summary('show what a release says of itself')
    .description(
      'Prints the manifest of a release: for whom and what, licences, levels, claims, shards.',
    )
    .argument('<release>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release show bafybei… --json');
  bind(show, showRelease);
  const verify = release
    .command('verify')
    .summary('recompute everything a release claims')
    .description(
      'Reads every shard and recomputes all digests and the place of each asset. Exits with 4 if ' +
        'anything is wrong.',
    )
    .argument('<release>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release verify bafybei…');
  bind(verify, verifyRelease);
  const exporting = release
    .command('export')
    .summary('write a release as ordinary files')
    .description(
      'Writes shards, metadata and card into a folder; README.md there says how to load them. ' +
        'Nothing is overwritten; run again, it writes what is missing.',
    )
    .argument('<release>', 'CID of the release')
    .requiredOption('--out <dir>', 'folder to write to (required)')
    .addHelpText('after', '\nExample:\n  ringfence release export bafybei… --out dataset/');
  bind(exporting, exportRelease);
}

function cutCommand(release: Command): Command {
  return withQuestion(release.command('cut'))
    .summary('cut a dataset of everything eligible')
    .description(
      'Appends a checkpoint, takes every asset that is eligible at it, and composes shards that link ' +
        'to the bytes already stored.',
    )
    .argument('<name>', 'name of the dataset: letters, digits, ".", "_", "-"; at most 64')
    .option('--as <version>', 'version of the dataset, three numbers', '1.0.0')
    .option('--query <words>', 'only assets that these words find')
    .option('--collection <name>', 'only this collection')
    .option('--media <type>', 'only this media type, or its first part')
    .option('--licence <id>', 'only this licence, as "show" spells it')
    .option('--maker <name>', 'only works of this maker, by the whole name')
    .option('--seed <text>', 'fixes the order of the samples', '')
    .option('--validation <share>', 'share of works for a validation split, such as 0.1')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence release cut drawings --policy corroborated --media image',
    );
}

async function cut(context: Context, name: string, options: CutOptions) {
  return withArchive(context, async (archive) => {
    const { query: words, collection, media, licence, maker } = options;
    const filter = {
      ...(words === undefined ? {} : { text: words }),
      ...(collection === undefined ? {} : { collection }),
      ...(media === undefined ? {} : { media }),
      ...(licence === undefined ? {} : { licence }),
      ...(maker === undefined ? {} : { maker }),
    };
    const request = {
      ...questionOf(options, timestampOf(archive.clock)),
      name,
      version: options.as,
      filter,
      query: Object.keys(filter).length === 0 ? '' : JSON.stringify(filter),
      seed: options.seed,
      ...(options.validation === undefined ? {} : { validation: shareOf(options.validation) }),
    };
    const done = await cutRelease(request, archive, watched(context));
    const { release, state, assets, shards, extraBytes, tableBytes, bytes } = done;
    context.output.document({
      release,
      state,
      assets,
      bytes,
      shards: shards.map(({ name: file, cid, size, sha256, samples }) => ({
        name: file,
        cid,
        size,
        sha256,
        samples,
      })),
      extraBytes,
      tableBytes,
    });
    context.output.line(`Release ${release}`);
    context.output.line(`  state   ${state}`);
    context.output.line(
      `  assets  ${countText(assets)} (${bytesText(bytes)}), ` +
        `${countText(Math.round(extraBytes / assets))} extra bytes each`,
    );
    for (const shard of shards) {
      context.output.line(
        `  shard   ${shard.name}  ${countOf(shard.samples, 'sample')}, ${bytesText(shard.size)}`,
      );
    }
    return undefined;
  });
}

async function listReleases(context: Context) {
  return withArchive(context, async ({ catalog }) => {
    const releases = catalog.releases();
    for (const release of releases) {
      context.output.document(release);
      context.output.line(
        `${release.release}  ${release.at}  ${countOf(release.assets, 'asset')} for ` +
          `${release.purpose} by ${release.requester}`,
      );
    }
    if (releases.length === 0) context.output.line('No release has been cut yet.');
    return undefined;
  });
}

async function showRelease(context: Context, text: string) {
  return withArchive(context, async ({ releases }) => {
    const manifest = await releases.manifest(releaseOf(text));
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
    return undefined;
  });
}

async function verifyRelease(context: Context, text: string) {
  return withArchive(context, async ({ releases }) => {
    const report = await releases.verify(releaseOf(text), watched(context));
    context.output.document(report);
    for (const problem of report.problems) {
      context.output.line(
        `${printable(problem.subject)}: ${printable(problem.text)} [${problem.code}]`,
      );
    }
    context.output.line(
      `${report.ok ? 'All sound' : countOf(report.problems.length, 'problem')}: ` +
        `${countOf(report.assets, 'asset')} in ${countOf(report.shards, 'shard')}`,
    );
    return report.ok ? EXIT.done : EXIT.unsound;
  });
}

async function exportRelease(context: Context, text: string, options: { readonly out: string }) {
  return withArchive(context, async ({ releases }) => {
    const folder = resolve(options.out);
    const done = await releases.export(releaseOf(text), folder, watched(context));
    context.output.document({ ...done, folder });
    context.output.line(
      `${countOf(done.files, 'file')}, ${bytesText(done.bytes)} in ${printable(folder)}`,
    );
    return undefined;
  });
}

function watched({ output, signal }: { readonly output: Output; readonly signal: AbortSignal }) {
  return {
    signal,
    onProgress: ({ step, unit, done, total }: ReleaseProgress) =>
      output.progress(
        step,
        unit === 'bytes'
          ? { bytes: done, expectedBytes: total }
          : { files: done, expectedFiles: total },
      ),
  };
}

function releaseOf(text: string): Cid {
  if (isCid(text)) return text;
  throw new ArchiveError(
    'input_invalid',
    `${JSON.stringify(text)} is not the CID of a release; "release list" shows them`,
  );
}

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share < 1) || text.trim() === '') {
    throw new ArchiveError(
      'usage_invalid',
      `--validation takes a share from 0 to below 1, not ${text}`,
    );
  }
  return share;
}
