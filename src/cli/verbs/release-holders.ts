import type { Command } from 'commander';
import { listHolders } from '../../archive/operations/make-releases.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addHolders(release: Command, bind: Bind): void {
  const holders = release
    .command('holders')
    .summary('tell who has pulled a release')
    .description(
      'Lists the receipts of a release that the ledger holds: which key pulled which revision, and when. A copy ' +
        'that was made without a receipt is not known.',
    )
    .argument('<cid>', 'CID of the release')
    .addHelpText('after', '\nExample:\n  ringfence release holders bafybei… --json');
  bind(holders, tell);
}

async function tell(context: Context, release: string) {
  const { output } = context;
  const done = await perform(context, listHolders, { release }, (one) => {
    output.document(one);
    output.line(`${one.at}  revision ${one.revision}  ${one.puller}`);
  });
  output.document(done);
  output.line(`${countOf(done.receipts, 'receipt')} of ${countOf(done.pullers, 'puller')}`);
  return EXIT.done;
}
