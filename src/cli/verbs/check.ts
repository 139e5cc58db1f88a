import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { secondsIn } from '../duration.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import type { Bind, Context } from '../session.ts';
import { type SourceOptions, sourceOf, withSource } from '../source.ts';

interface Options extends SourceOptions {
  readonly maxAge: string;
  readonly purpose?: string;
}

export function addCheck(program: Command, bind: Bind): void {
  const command = program
    .command('check')
    .summary('say whether a pulled folder may still be trained on')
    .description(
      'Asks the nodes that a folder was pulled from which revision is the newest. Exits with 21 if something in ' +
        'the folder was withdrawn, with 22 if the release is for another purpose, with 20 if no node has confirmed ' +
        'it lately. "sha256sum -c SHA256SUMS" reads the shards.',
    )
    .argument('<dir>', 'folder of a finished pull')
    .option(
      '--max-age <duration>',
      'how long ago a node may have confirmed it: 90s, 10m, 24h, 7d',
      '24h',
    )
    .addOption(new Option('--purpose <purpose>', 'what it is to be used for').choices(PURPOSES));
  withSource(command).addHelpText(
    'after',
    '\nExample:\n  npx ringfence check data/ --max-age 24h --purpose ai_generative_training && python train.py',
  );
  bind(command, check);
}

async function check({ output, signal }: Context, folder: string, options: Options) {
  const { runCheck } = await import('../../compose/pulling/run-pull.ts');
  const { purpose, maxAge } = options;
  const request = { folder: resolve(folder), purpose, maxAgeMs: secondsIn(maxAge) * 1000 };
  const report = await runCheck(
    { ...request, ...sourceOf(options) },
    { signal, notice: output.notice },
  );
  output.document(report);
  const { withdrawn, isForPurpose, isStale, confirmed, revision } = report;
  output.line(`${printable(report.name)} ${report.version}, revision ${revision}`);
  if (withdrawn.length > 0) {
    output.line(`  ${countOf(withdrawn.length, 'sample')} withdrawn: pull with --update`);
  }
  if (!isForPurpose) output.line(`  it is for ${report.purpose}, and not for ${purpose}`);
  output.line(
    confirmed === null
      ? '  no node has ever confirmed it: give --from with the URL of the curator’s node'
      : `  confirmed ${confirmed}${isStale ? `, more than ${maxAge} ago` : ''}`,
  );
  if (withdrawn.length > 0) return EXIT.withdrawn;
  if (!isForPurpose) return EXIT.otherPurpose;
  return isStale ? EXIT.stale : EXIT.done;
}
