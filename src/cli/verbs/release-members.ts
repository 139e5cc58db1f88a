import { type Command, Option } from 'commander';
import { listReleaseMembers } from '../../archive/operations/make-releases.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

interface MembersOptions {
  readonly query?: string;
  readonly left?: boolean;
}

export function addMembers(release: Command, bind: Bind): void {
  const members = release
    .command('members')
    .summary('list what went into a release')
    .description(
      'Lists the assets of a release in the order of its rows, as they are called now. What is served no more has ' +
        'the revision from which on it is left out, and the code of the first rule that failed.',
    )
    .argument('<release>', 'CID of the release')
    .option('--query <words>', 'only those whose title, makers or CID have these words')
    .addOption(new Option('--left', 'only what is served no more'))
    .addHelpText('after', '\nExample:\n  ringfence release members bafybei… --left --json');
  bind(members, tell);
}

async function tell(context: Context, release: string, { query, left }: MembersOptions) {
  const { output } = context;
  const asked = {
    ...{ release, limit: 200 },
    ...(query === undefined ? {} : { text: query }),
    ...(left === undefined ? {} : { left }),
  };
  let told = 0;
  for (let from: number | null = 0; from !== null; ) {
    const page: { readonly next: number | null } = await perform(
      context,
      listReleaseMembers,
      { ...asked, from },
      (one) => {
        told += 1;
        output.document(one);
        const out = one.left && `  ${one.left.state} since ${one.left.since} (${one.left.reason})`;
        output.line(`${one.asset}  ${printable(one.title)}${out ?? ''}`);
      },
    );
    from = page.next;
  }
  output.line(countOf(told, 'member'));
  return EXIT.done;
}
