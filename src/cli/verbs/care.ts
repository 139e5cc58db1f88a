import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { proveOneAsset } from '../../archive/operations/prove-things.ts';
import {
  examineStores,
  rebuildCatalog,
  signCheckpoint,
  verifyStores,
} from '../../archive/operations/take-care.ts';
import type { VerifyReport } from '../../archive/verify-archive.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { verifyAt } from './verify-path.ts';

export function addVerify(program: Command, bind: Bind): void {
  const command = program
    .command('verify')
    .argument(
      '[path]',
      'a proof, a verdict, or the folder of a backup, to be checked instead of the home',
    )
    .option('--address <address>', 'the archive that a proof or verdict must be of')
    .summary('re-check every byte and every entry')
    .description(
      'Reads all packs and the whole ledger and recomputes digests, signatures, order and Merkle ' +
        'tree. Ignores the catalog. With a path, checks what lies there and needs no home: the files of a ' +
        'backup, a proof that "proof" has written, or a verdict of "explain --prove". Exits with 4 if anything is wrong.',
    )
    .addHelpText('after', '\nExample:\n  ringfence verify --json');
  bind(command, verify);
}

export function addProof(program: Command, bind: Bind): void {
  const command = program
    .command('proof')
    .argument('<cid>', 'the asset')
    .summary('write a proof of what the log says of an asset')
    .description(
      'Writes one file that shows, to whoever knows the address of the archive, which entries speak of ' +
        'the asset, that they are in the log of this home, and who confirmed the log. It names nobody. ' +
        '"ringfence verify FILE" checks it offline.',
    )
    .option('--out <file>', 'file to write (default: CID.tlog-proof)')
    .addHelpText('after', '\nExample:\n  ringfence proof bafkrei…');
  bind(command, proof);
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
      'Lists a damaged ledger, packs that are missing or cut short, statements that count for nothing, statements of a ' +
        'newer version, keys in use in two places, and inspectors whose older versions saw what is here, with the addresses of the archive and of this home: the first hundred of each kind, ' +
        'and how many more there are.',
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
  const { name, address, did, entries, blocks, bytes, packs, findings, unlisted } = examination;
  context.output.document(examination);
  context.output.line(`${printable(name)}  ${address}`);
  context.output.line(`  this home  ${did}`);
  context.output.line(
    `  holds      ${countOf(entries, 'entry', 'entries')}, ${countOf(blocks, 'block')} (${bytesText(bytes)}) in ${countOf(packs, 'pack')}`,
  );
  for (const { kind, subject, text } of findings) {
    context.output.line(`  ${kind.padEnd(9)}  ${named(subject, text)}`);
  }
  for (const [kind, count] of Object.entries(unlisted)) {
    context.output.line(`  ${kind.padEnd(9)}  and ${count} more`);
  }
  if (findings.length === 0) context.output.line('  Nothing needs attention.');
  return EXIT.done;
}

async function checkpoint(context: Context) {
  const signed = await perform(context, signCheckpoint, {});
  context.output.document(signed);
  context.output.line(
    `${signed.note}${signed.cosignatures.map(({ note }) => note).join('')}`.trimEnd(),
  );
  return EXIT.done;
}

async function proof(context: Context, cid: string, options: { readonly out?: string }) {
  const { text, ...made } = await perform(context, proveOneAsset, { asset: cid });
  const path = resolve(options.out ?? `${made.asset}.tlog-proof`);
  await onFile(path, () => writeFile(path, text));
  context.output.document({ ...made, path, bytes: Buffer.byteLength(text) });
  context.output.line(`Wrote ${printable(path)}: ${countOf(made.entries, 'entry', 'entries')}`);
  context.output.line(
    made.confirmedBy.length === 0
      ? 'Nobody else has confirmed the log up to there yet; "ringfence checkpoint" asks connected partners.'
      : `The log up to there was confirmed by ${countOf(made.confirmedBy.length, 'organisation')}.`,
  );
  return EXIT.done;
}

async function verify(
  context: Context,
  path: string | undefined,
  { address }: { readonly address?: string },
) {
  if (path !== undefined) return await verifyAt(context, path, address);
  const report = await reportOn(context);
  context.output.document(report);
  for (const { code, subject, text } of report.problems) {
    context.output.line(`${named(subject, text)} [${code}]`);
  }
  context.output.line(
    `${report.ok ? 'All sound' : countOf(report.problems.length, 'problem')}: ` +
      `${countOf(report.blocks, 'block')}, ${countOf(report.entries, 'entry', 'entries')}`,
  );
  return report.ok ? EXIT.done : EXIT.unsound;
}

/** Most texts name their subject. */
function named(subject: string, text: string): string {
  return printable(text.includes(subject) ? text : `${subject}: ${text}`);
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
