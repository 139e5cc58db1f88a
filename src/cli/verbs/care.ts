import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  examineStores,
  rebuildCatalog,
  signCheckpoint,
  verifyStores,
} from '../../archive/operations/take-care.ts';
import type { VerifyReport } from '../../archive/verify-archive.ts';
import { ArchiveError } from '../../core/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addVerify(program: Command, bind: Bind): void {
  const command = program
    .command('verify')
    .argument('[path]', 'folder of a backup, which is then checked instead of the home')
    .summary('re-check every byte and every entry')
    .description(
      'Reads all packs and the whole ledger and recomputes digests, signatures, order and Merkle ' +
        'tree. Ignores the catalog. With the folder of a backup, compares its files with what was copied. ' +
        'Exits with 4 if anything is wrong.',
    )
    .addHelpText('after', '\nExample:\n  ringfence verify --json');
  bind(command, verify);
}

export function addReindex(program: Command, bind: Bind): void {
  const command = program
    .command('reindex')
    .summary('rebuild the catalog from the ledger')
    .description(
      'Makes the catalog anew from the ledger. Nothing is lost: it is only a view. Other verbs do it ' +
        'by themselves when the catalog is missing or damaged.',
    )
    .addHelpText('after', '\nExample:\n  ringfence reindex');
  bind(command, reindex);
}

export function addDoctor(program: Command, bind: Bind): void {
  const command = program
    .command('doctor')
    .summary('look for what an operator should know')
    .description(
      'Lists statements that count for nothing, statements of a newer version, and keys in use in ' +
        'two places, with the addresses of the archive and of this home.',
    )
    .addHelpText('after', '\nExample:\n  ringfence doctor --json');
  bind(command, doctor);
}

export function addCheckpoint(program: Command, bind: Bind): void {
  const command = program
    .command('checkpoint')
    .summary('sign the state of the ledger')
    .description(
      'Appends a checkpoint over everything accepted so far and prints the signed note (C2SP). Keep ' +
        'it elsewhere: history that it covers cannot be rewritten unseen.',
    )
    .addHelpText('after', '\nExample:\n  ringfence checkpoint > checkpoint.txt');
  bind(command, checkpoint);
}

async function doctor(context: Context) {
  const examination = await perform(context, examineStores, {});
  const { name, address, did, entries, blocks, bytes, packs, findings } = examination;
  context.output.document(examination);
  context.output.line(`${printable(name)}  ${address}`);
  context.output.line(`  this home  ${did}`);
  context.output.line(
    `  holds      ${countOf(entries, 'entry', 'entries')}, ${countOf(blocks, 'block')} (${bytesText(bytes)}) in ${countOf(packs, 'pack')}`,
  );
  for (const { kind, subject, text } of findings) {
    context.output.line(`  ${kind.padEnd(9)}  ${subject}: ${printable(text)}`);
  }
  if (findings.length === 0) context.output.line('  Nothing needs attention.');
  return EXIT.done;
}

async function checkpoint(context: Context) {
  const signed = await perform(context, signCheckpoint, {});
  context.output.document(signed);
  context.output.line(signed.note.trimEnd());
  return EXIT.done;
}

async function verify(context: Context, path?: string) {
  if (path !== undefined) return await verifyAt(context, resolve(path));
  const report = await reportOn(context);
  context.output.document(report);
  for (const { code, subject, text } of report.problems) {
    context.output.line(`${printable(subject)}: ${printable(text)} [${code}]`);
  }
  context.output.line(
    `${report.ok ? 'All sound' : countOf(report.problems.length, 'problem')}: ` +
      `${countOf(report.blocks, 'block')}, ${countOf(report.entries, 'entry', 'entries')}`,
  );
  return report.ok ? EXIT.done : EXIT.unsound;
}

async function verifyAt({ output, signal }: Context, path: string) {
  const { verifyPath } = await import('../../compose/verify-path.ts');
  const check = await verifyPath(path, {
    signal,
    onProgress: (done) => output.progress('verifying', done),
  });
  output.document(check);
  for (const { code, subject, text } of check.problems) {
    output.line(`${printable(subject)} ${printable(text)} [${code}]`);
  }
  output.line(
    `${check.ok ? 'All sound' : countOf(check.problems.length, 'problem')}: a backup of ` +
      `${check.archive} as of ${check.made}, ${countOf(check.files, 'file')}, ${bytesText(check.bytes)}`,
  );
  return check.ok ? EXIT.done : EXIT.unsound;
}

/** An archive too damaged to be opened is a finding of the check, not a failure to check. */
async function reportOn(context: Context): Promise<VerifyReport> {
  try {
    return await perform(context, verifyStores, {});
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'home_corrupt') throw error;
    const problem = { code: error.code, subject: context.home, text: error.message };
    return { ok: false, blocks: 0, entries: 0, problems: [problem] };
  }
}

async function reindex(context: Context) {
  const result = await perform(context, rebuildCatalog, {});
  context.output.document(result);
  context.output.line(
    `The catalog is rebuilt from ${countOf(result.entries, 'entry', 'entries')}.`,
  );
  return EXIT.done;
}
