import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { certifyAssets, revokeOneCertificate } from '../../archive/operations/keep-certificates.ts';
import { toBase64 } from '../../core/base64.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';
import { typed } from './member.ts';

const ADDING =
  'Example:\n  ringfence certificate add bafkrei… --issuer authors-guild --number 12345 --snapshot page.html';
const REVOKING =
  'Example:\n  ringfence certificate revoke --issuer authors-guild --number 12345 --snapshot page.html';

export function addCertificate(program: Command, bind: Bind): void {
  const certificate = program
    .command('certificate')
    .summary('record certificates that were checked at their issuer')
    .description('Certificates of third parties, such as an authors’ guild. Nobody is called.')
    .addHelpText('after', `\n${ADDING}`);
  const add = certificate
    .command('add')
    .summary('record that you checked a number')
    .description(
      'Records that you looked a certificate’s number up at its issuer, with the issuer’s page or answer as it was.',
    );
  bind(
    withAnswer(withSubject(add))
      .addOption(
        new Option('--outcome <outcome>', 'what the issuer says')
          .choices(['confirmed', 'not-found', 'revoked'])
          .default('confirmed'),
      )
      .addHelpText('after', `\n${ADDING}`),
    runAdd,
  );
  const revoke = certificate
    .command('revoke')
    .summary('record that the issuer has revoked a certificate')
    .description(
      'Records that a certificate’s issuer has revoked it, for every asset that anybody has recorded it for, with ' +
        'the issuer’s page or answer as it was. It counts for none of them any more. Where a certificate was ' +
        'revoked by mistake, only a new number counts.',
    );
  bind(withAnswer(revoke).addHelpText('after', `\n${REVOKING}`), runRevoke);
}

function withAnswer(command: Command): Command {
  return command
    .requiredOption('--issuer <code>', 'who issued it, such as authors-guild (required)')
    .requiredOption('--number <number>', 'its number (required)')
    .requiredOption(
      '--snapshot <file>',
      'the issuer’s page or answer, kept where it can be erased (required)',
    )
    .option('--checked-at <time>', 'when it was looked up (default: now)');
}

interface AnswerOptions {
  readonly issuer: string;
  readonly number: string;
  readonly snapshot: string;
  readonly checkedAt?: string;
}

interface AddOptions extends SubjectOptions, AnswerOptions {
  readonly outcome: z.output<typeof certifyAssets.input>['outcome'];
}

async function runAdd(context: Context, cid: string | undefined, options: AddOptions) {
  const input = typed(certifyAssets.input, {
    ...(await answerGiven(options)),
    outcome: options.outcome,
    subject: await subjectNamed(cid, options),
  });
  const result = await perform(context, certifyAssets, input);
  context.output.document(result);
  context.output.line(`Recorded in entry ${result.entry}; snapshot sha-256 ${result.snapshot}`);
  return EXIT.done;
}

async function runRevoke(context: Context, options: AnswerOptions) {
  const input = typed(revokeOneCertificate.input, await answerGiven(options));
  const result = await perform(context, revokeOneCertificate, input);
  context.output.document(result);
  context.output.line(`Revoked for ${countOf(result.assets, 'asset')} in entry ${result.entry}`);
  return EXIT.done;
}

async function answerGiven({ snapshot, issuer, number, checkedAt }: AnswerOptions) {
  const bytes = await onFile(snapshot, () => readFile(snapshot));
  const answer = { issuer, number, snapshot: toBase64(bytes) };
  return checkedAt === undefined ? answer : { ...answer, checkedAt };
}
