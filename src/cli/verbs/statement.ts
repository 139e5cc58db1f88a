import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { draftOneStatement, importOneStatement } from '../../archive/operations/sign-statements.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { typed } from './member.ts';

export function addStatement(program: Command, bind: Bind): void {
  const statement = program
    .command('statement')
    .summary('say what browsers of this home sign')
    .description(
      'A browser that is signed in signs reviews, resolutions and holds with its own key: the node drafts ' +
        'them, and records what comes back signed.',
    )
    .addHelpText('after', '\nExample:\n  ringfence statement draft review.json --out draft.json');
  bind(
    statement
      .command('draft')
      .summary('write a statement for a browser to sign')
      .description(
        'Writes a statement to be signed (a claim file). The words are JSON: {"review": …}, {"resolution": …, ' +
          '"subject": …} or {"stop": …, "subject": …}, as POST /api/v1/operations/statement.draft takes them.',
      )
      .argument('<words>', 'file of the words')
      .requiredOption('--out <file>', 'where to write it (required)')
      .addHelpText('after', '\nExample:\n  ringfence statement draft review.json --out draft.json'),
    runDraft,
  );
  bind(
    statement
      .command('import')
      .summary('record what a browser has signed')
      .description(
        'Checks a signed statement and records it for the browser whose key signed it, which has to be signed in.',
      )
      .argument('<file>', 'the signed statement')
      .addHelpText('after', '\nExample:\n  ringfence statement import signed.json'),
    runImport,
  );
}

async function runDraft(context: Context, path: string, { out }: { readonly out: string }) {
  const input = typed(
    draftOneStatement.input,
    wordsIn(await onFile(path, () => readFile(path, 'utf8'))),
  );
  const { file } = await perform(context, draftOneStatement, input);
  await onFile(out, () => writeFile(out, `${JSON.stringify(file)}\n`));
  context.output.document({ out, claim: file });
  context.output.line(`Written to ${printable(out)}, for a browser to sign`);
  return EXIT.done;
}

async function runImport(context: Context, path: string) {
  const claim = await onFile(path, () => readFile(path, 'utf8'));
  const imported = await perform(context, importOneStatement, { claim });
  context.output.document(imported);
  for (const { id, kind } of imported.statements) context.output.line(`${kind} ${id}`);
  context.output.line(`Signed by ${imported.by}, in entry ${imported.entry}`);
  return EXIT.done;
}

function wordsIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ArchiveError('input_invalid', 'the words are no JSON', { cause });
  }
}
