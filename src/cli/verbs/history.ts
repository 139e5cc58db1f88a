import type { Command } from 'commander';
import { readHistory } from '../../archive/operations/read-history.ts';
import type { PastStatement } from '../../archive/tracing/past-statement.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addHistory(program: Command, bind: Bind): void {
  const command = program
    .command('history')
    .summary('tell everything that was said about an asset')
    .description(
      'Lists the statements that stand about an asset, the newest first, with who made each and when by ' +
        'their own word, what it says, and which later statements name it.',
    )
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence history bafkrei… --json');
  bind(command, tell);
}

const PAGE = 1000;

async function tell(context: Context, asset: string) {
  const { output } = context;
  let input: Parameters<typeof readHistory.run>[1] = { asset, limit: PAGE };
  for (;;) {
    const { total, cursor } = await perform(context, readHistory, input, (one) => {
      output.document(one);
      for (const line of linesOf(one)) output.line(line);
    });
    if (cursor !== null) {
      input = { ...input, cursor };
      continue;
    }
    output.line(countOf(total, 'statement'));
    return EXIT.done;
  }
}

function* linesOf({ author, words, ...said }: PastStatement): Iterable<string> {
  const { kind, at, bySet, id, signer, lacksWords, namedBy } = said;
  const who = author && (author.name || author.key);
  const of = author && (author.organisationName || author.organisation);
  const subject = bySet ? ' about a set that it is in' : '';
  const by = author === null ? ', of a newer program' : ` by ${who} of ${of}`;
  yield printable(`${at ?? 'at no known time'}  ${kind}${subject}${by}`);
  yield `  ${id}`;
  if (signer !== null) yield `  signed by ${signer}`;
  if (words !== null) yield `  ${printable('text' in words ? words.text : titleOf(words))}`;
  if (lacksWords) yield '  its words are not here, or erased';
  for (const { kind: later, id: of } of namedBy) yield `  named by ${printable(later)} ${of}`;
}

function titleOf({ title, makers }: { title: string; makers: readonly string[] }): string {
  return [title, makers.join('; ')].filter((text) => text !== '').join(' — ');
}
