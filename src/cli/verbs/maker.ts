import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { certifyAssets, vouchForMaker } from '../../archive/operations/make-claims.ts';
import { toBase64 } from '../../core/base64.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';
import { typed } from './member.ts';

export function addMaker(program: Command, bind: Bind): void {
  const maker = program
    .command('maker')
    .summary('say whose key it is')
    .description('Makers sign with keys of their own; a steward says whose they are.')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence maker vouch did:key:z6Mk… bafkrei… --name "Ada Lovelace"',
    );
  const vouch = maker
    .command('vouch')
    .summary('say that a key is a maker’s')
    .description(
      'Records that you, a steward, have seen that a key belongs to a maker whom the deposits name. ' +
        'Without it a claim by that key is only claimed.',
    )
    .argument('<key>', 'did:key of the maker');
  bind(
    withSubject(vouch)
      .requiredOption('--name <name>', 'the maker’s name, as the deposits have it (required)')
      .addHelpText(
        'after',
        '\nExample:\n  ringfence maker vouch did:key:z6Mk… bafkrei… --name "Ada Lovelace"',
      ),
    runVouch,
  );
}

export function addCertificate(program: Command, bind: Bind): void {
  const certificate = program
    .command('certificate')
    .summary('record a certificate that was checked at its issuer')
    .description('Certificates of third parties, such as an authors’ guild. Nobody is called.')
    .addHelpText('after', `\n${CERTIFICATE_EXAMPLE}`);
  bind(
    withSubject(
      certificate
        .command('add')
        .summary('record that you checked a number')
        .description(
          'Records that you looked a certificate’s number up at its issuer, with the issuer’s page or answer as it was.',
        ),
    )
      .requiredOption('--issuer <code>', 'who issued it, such as authors-guild (required)')
      .requiredOption('--number <number>', 'its number (required)')
      .requiredOption(
        '--snapshot <file>',
        'the issuer’s page or answer, kept where it can be erased (required)',
      )
      .option('--checked-at <time>', 'when it was looked up (default: now)')
      .addOption(
        new Option('--outcome <outcome>', 'what the issuer says')
          .choices(['confirmed', 'not-found', 'revoked'])
          .default('confirmed'),
      )
      .addHelpText('after', `\n${CERTIFICATE_EXAMPLE}`),
    runCertificate,
  );
}

const CERTIFICATE_EXAMPLE =
  'Example:\n  ringfence certificate add bafkrei… --issuer authors-guild --number 12345 --snapshot page.html';

async function runVouch(
  context: Context,
  key: string,
  cid: string | undefined,
  options: SubjectOptions & { readonly name: string },
) {
  const input = { key, maker: options.name, subject: await subjectNamed(cid, options) };
  const result = await perform(context, vouchForMaker, input);
  context.output.document(result);
  context.output.line(`Vouched in entry ${result.entry}`);
  return EXIT.done;
}

interface CertificateOptions extends SubjectOptions {
  readonly issuer: string;
  readonly number: string;
  readonly snapshot: string;
  readonly checkedAt?: string;
  readonly outcome: z.output<typeof certifyAssets.input>['outcome'];
}

async function runCertificate(
  context: Context,
  cid: string | undefined,
  options: CertificateOptions,
) {
  const { snapshot, issuer, number, outcome, checkedAt } = options;
  const bytes = await onFile(snapshot, () => readFile(snapshot));
  const input = typed(certifyAssets.input, {
    ...{ issuer, number, outcome, snapshot: toBase64(bytes) },
    subject: await subjectNamed(cid, options),
    ...(checkedAt === undefined ? {} : { checkedAt }),
  });
  const result = await perform(context, certifyAssets, input);
  context.output.document(result);
  context.output.line(`Recorded in entry ${result.entry}; snapshot sha-256 ${result.snapshot}`);
  return EXIT.done;
}
