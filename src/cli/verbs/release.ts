import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cutRelease } from '../../archive/cut-release.ts';
import { timestampOf } from '../../archive/now.ts';
import { parseCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ReleaseProgress } from '../../core/ports/release.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { bytesText, countText, printable } from '../printable.ts';
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
  const release = program.command('release').summary('cut, read and export datasets');
  bind(cutCommand(release), cut);
  const list = release
    .command('list')
    .summary('list the releases this archive has cut')
    .addHelpText('after', '\nExample:\n  ringfence release list --json');
  bind(list, listReleases);
  const show = release
    .command('show')
    .summary('show what a release says of itself')
    .argument('<release>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release show bafybei… --json');
  bind(show, showRelease);
  const verify = release
    .command('verify')
    .summary('recompute everything a release claims')
    .argument('<release>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release verify bafybei…');
  bind(verify, verifyRelease);
  const exporting = release
    .command('export')
    .summary('write a release as ordinary files')
    .description(
      'Writes shards, metadata and card into a folder. Run again, it writes what is missing.',
    )
    .argument('<release>', 'CID of the release')
    .requiredOption('--out <dir>', 'folder to write to')
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
    .argument('<name>', 'name of the dataset')
    .option('--as <version>', 'version of the dataset', '1.0.0')
    .option('--query <words>', 'only assets that these words find')
    .option('--collection <name>', 'only this collection')
    .option('--media <type>', 'only this media type, or its first part')
    .option('--licence <id>', 'only this licence')
    .option('--maker <name>', 'only works of this maker')
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
        `${Math.round(extraBytes / assets)} extra bytes each`,
    );
    for (const shard of shards) {
      context.output.line(
        `  shard   ${shard.name}  ${countText(shard.samples)} samples, ${bytesText(shard.size)}`,
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
        `${release.release}  ${release.at}  ${countText(release.assets)} assets for ` +
          `${release.purpose} by ${release.requester}`,
      );
    }
    if (releases.length === 0) context.output.line('No release has been cut yet.');
    return undefined;
  });
}

async function showRelease(context: Context, text: string) {
  return withArchive(context, async ({ releases }) => {
    const manifest = await releases.manifest(parseCid(text));
    context.output.document(manifest);
    const { name, version, purpose, requester, policy, counts } = manifest;
    context.output.line(`${printable(name)} ${version}: ${countText(counts.assets)} assets`);
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
    const report = await releases.verify(parseCid(text), watched(context));
    context.output.document(report);
    for (const problem of report.problems) {
      context.output.line(
        `${printable(problem.subject)}: ${printable(problem.text)} [${problem.code}]`,
      );
    }
    context.output.line(
      `${report.ok ? 'All sound' : `${report.problems.length} problems`}: ` +
        `${countText(report.assets)} assets in ${countText(report.shards)} shards`,
    );
    return report.ok ? EXIT.done : EXIT.unsound;
  });
}

async function exportRelease(context: Context, text: string, options: { readonly out: string }) {
  return withArchive(context, async ({ releases }) => {
    const folder = resolve(options.out);
    const done = await releases.export(parseCid(text), folder, watched(context));
    context.output.document({ ...done, folder });
    context.output.line(
      `${countText(done.files)} files, ${bytesText(done.bytes)} in ${printable(folder)}`,
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
