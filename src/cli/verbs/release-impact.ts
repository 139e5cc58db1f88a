import type { Command } from 'commander';
import { showImpact } from '../../archive/operations/make-releases.ts';
import type { Impact } from '../../archive/tracing/impact-of.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addImpact(release: Command, bind: Bind): void {
  const impact = release
    .command('impact')
    .summary('tell where an asset went')
    .description(
      'Lists the releases that were cut with an asset, who pulled them while it was in, and the models that are ' +
        'registered with those pulls, each with what its holder has to do. That somebody pulled a shard is all that a ' +
        'receipt tells: what of it was used is not known.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence release impact bafkrei… --json');
  bind(impact, tell);
}

const OBLIGATION = {
  none: '',
  update: ': to be left out of every training that begins now ("pull --update")',
  destroy: ': copies to be destroyed',
  listed: ': listed, and not undone',
} as const;

async function tell(context: Context, asset: string) {
  const { output } = context;
  const done = await perform(context, showImpact, { asset }, (one) => {
    output.document(one);
    output.line(lineOf(one));
  });
  output.document(done);
  output.line(
    `${countOf(done.releases, 'release')}, ${countOf(done.receipts, 'receipt')} of ` +
      `${countOf(done.pullers, 'puller')}, ${countOf(done.models, 'model')}; ` +
      `${countOf(done.outstanding, 'receipt')} with something left to do`,
  );
  return EXIT.done;
}

function lineOf(one: Impact): string {
  if (one.kind === 'release') {
    const { name, version, release, left } = one;
    const called = name === null ? release : `${printable(name)} ${version} (${release})`;
    const list = left.since === null ? 'no list yet' : `list ${left.since} of ${left.issued}`;
    return `${called}: ${left.is}${left.is === 'included' ? '' : ` by ${left.reason}, ${list}`}`;
  }
  const todo = OBLIGATION[one.obligation];
  if (one.kind === 'model') {
    return `  model ${printable(one.model)}, registered ${one.at}${todo}`;
  }
  const done = one.updatedBy === null ? todo : `, updated by ${one.updatedBy}`;
  return `  pulled ${one.at} at revision ${one.revision} by ${one.puller}${done}`;
}
