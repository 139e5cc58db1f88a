import { resolve } from 'node:path';
import type { PathCheck } from '../../compose/verify-path.ts';
import { explainText } from '../../core/policy/explain.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bytesText, countOf, printable } from '../printable.ts';
import type { Context } from '../session.ts';

/** Checks a backup, a proof or the bundle of a verdict, without a home. */
export async function verifyAt(
  { output, signal }: Context,
  path: string,
  address: string | undefined,
): Promise<ExitCode> {
  const { verifyPath } = await import('../../compose/verify-path.ts');
  const check = await verifyPath(resolve(path), {
    signal,
    onProgress: (done) => output.progress('verifying', done),
    ...(address === undefined ? {} : { address }),
  });
  const lines = linesOf(check, address);
  output.document(check.sort === 'backup' ? check : { ok: true, ...check });
  for (const line of lines) output.line(line);
  return check.sort !== 'backup' || check.ok ? EXIT.done : EXIT.unsound;
}

function linesOf(check: PathCheck, address: string | undefined): string[] {
  switch (check.sort) {
    case 'backup':
      return backupLines(check);
    case 'proof':
      return proofLines(check, address);
    case 'verdict':
      return verdictLines(check, address);
  }
}

/** What a bundle shows and what not. */
function verdictLines(
  { name, address: of, log, confirmed, verdict }: PathCheck & { readonly sort: 'verdict' },
  address: string | undefined,
): string[] {
  return [
    `This verdict follows from the entries that came with it. It is of ${printable(name)}, ${of}`,
    ...sameAddress(address),
    '',
    ...explainText(verdict).map(printable),
    '',
    `Recomputed from the whole log of ${log.by}: ${countOf(log.size, 'entry', 'entries')}, root ${log.root}.`,
    ...(confirmed.by.length === 0
      ? ['Nobody else has confirmed that log.']
      : [
          `Its first ${countOf(confirmed.size, 'entry', 'entries')} were confirmed by:`,
          ...confirmed.by.map(
            ({ time, organisation, did }) => `  ${timeText(time)}  ${organisation}  ${did}`,
          ),
        ]),
    'Not proven: that this log had everything that was said elsewhere, or since. What is not in it',
    '  cannot be seen from the file. Ask the archive for that.',
  ];
}

function sameAddress(address: string | undefined): string[] {
  return address === undefined
    ? ['  Compare that address with the one you know, or give it with --address.']
    : ['  That is the address you gave.'];
}

function backupLines(check: PathCheck & { readonly sort: 'backup' }): string[] {
  const { problems, ok, archive, made, files, bytes } = check;
  return [
    ...problems.map(
      ({ code, subject, text }) => `${printable(subject)} ${printable(text)} [${code}]`,
    ),
    `${ok ? 'All sound' : countOf(problems.length, 'problem')}: a backup of ${archive} as of ` +
      `${made}, ${countOf(files, 'file')}, ${bytesText(bytes)}`,
  ];
}

/** What a proof shows and what not, in the words of ledger.md §6. */
function proofLines(
  check: PathCheck & { readonly sort: 'proof' },
  address: string | undefined,
): string[] {
  const { asset, log, confirmedBy, statements, name } = check;
  const confirmed = confirmedBy.map(
    ({ organisation, did, time }) => `  ${timeText(time)}  ${organisation}  ${did}`,
  );
  return [
    `This proof holds. It is of ${printable(name)}, ${check.address}`,
    ...sameAddress(address),
    '',
    `The log of ${log.by} (organisation ${log.organisation}), ${countOf(log.size, 'entry', 'entries')} long, says of ${asset}:`,
    ...statements.map(
      ({ arrival, at, kind, organisation, isCarried }) =>
        `  entry ${arrival}  ${at}  ${printable(kind)}  by ${organisation}${isCarried ? ' for somebody else' : ''}`,
    ),
    '',
    ...(confirmed.length === 0
      ? ['Nobody else has confirmed the log up to there.']
      : ['The log up to there was confirmed by:', ...confirmed]),
    '',
    'Proven: that home had accepted these entries, in this order, when it signed' +
      (confirmed.length === 0
        ? '.'
        : ', and before the times above; nothing that it had shown to those who confirmed was removed or reordered.'),
    "Not proven: that the home logged all that it received; when the statements were made (their times are their authors' words);",
    '  that no key was revoked and nothing was withdrawn since, or elsewhere. Ask the archive for that.',
  ];
}

function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
