import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { draftOneClaim, importOneClaim } from '../../archive/operations/make-claims.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { PASSPHRASE_OPTION, type PassphraseOptions, passphraseOf } from '../passphrase.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';
import { consentClaim, type TermsOptions, withTerms } from './consent.ts';
import { typed } from './member.ts';

/** An envelope has at most a megabyte; the members of a set of a million some sixty. */
const MAX_CLAIM_BYTES = 100_000_000;

const TEMPLATE_EXAMPLE =
  'Example:\n  ringfence claim template consent bafkrei… --maker "Ada Lovelace" --preset nobody --out claim.json';

export function addClaim(program: Command, bind: Bind): void {
  const claim = program
    .command('claim')
    .summary('take in what makers sign elsewhere')
    .description(
      'Claims are DSSE envelopes with in-toto statements, signed by did:key Ed25519 keys.',
    )
    .addHelpText('after', `\n${TEMPLATE_EXAMPLE}`);
  const template = claim
    .command('template')
    .summary('write a claim for a maker to sign')
    .description(
      'Writes the exact payload to sign, and prints the text that whoever signs must have read.',
    )
    .argument('<kind>', 'declaration, consent, withdrawal, certification or dispute');
  bind(
    withTerms(withSubject(template))
      .requiredOption('--maker <name>', 'the maker’s name, as the deposits have it (required)')
      .requiredOption('--out <file>', 'where to write the claim (required)')
      .option('--by <did>', 'the key that will sign: a steward’s voucher for it is named')
      .option('--identity <method>', 'steward, orcid, website or key')
      .option('--source-type <type>', 'declaration: IPTC digital source type')
      .option('--no-generative', 'declaration: no output of a generative model went in')
      .option('--tool <name...>', 'declaration: tools that were used', [])
      .option('--note <text>', 'declaration: where generative tools were used')
      .option('--consent <id...>', 'withdrawal: the consents; all of the maker’s without it', [])
      .option('--issuer <code>', 'certification: who issued it')
      .option('--number <number>', 'certification: its number')
      .option('--checked-at <time>', 'certification: when the issuer was asked')
      .option('--snapshot <sha256>', 'certification: digest of the issuer’s answer')
      .option('--reason <code>', 'dispute: why, such as not-mine')
      .option('--against <id...>', 'dispute: statements it is against', [])
      .addHelpText('after', `\n${TEMPLATE_EXAMPLE}`),
    runTemplate,
  );
  bind(
    claim
      .command('sign')
      .summary('sign a claim file with a maker’s key')
      .description('Signs a claim after showing what it says. Needs no archive.')
      .argument('<file>', 'the claim')
      .requiredOption('--key <file>', 'the maker’s key file (required)')
      .option(...PASSPHRASE_OPTION)
      .option('--out <file>', 'where to write it (default: over the claim)')
      .addHelpText('after', '\nExample:\n  ringfence claim sign claim.json --key ada.key'),
    runSign,
  );
  bind(
    claim
      .command('import')
      .summary('carry a signed claim into the ledger')
      .description(
        'Checks a signed claim, or a bare DSSE envelope, and carries it into the ledger.',
      )
      .argument('<file>', 'the claim')
      .option('--checked', 'you have seen that the ORCID record or website names the key')
      .addHelpText('after', '\nExample:\n  ringfence claim import claim.json'),
    runImport,
  );
}

interface TemplateOptions extends TermsOptions, SubjectOptions {
  readonly maker: string;
  readonly out: string;
  readonly by?: string;
  readonly identity?: string;
  readonly sourceType?: string;
  readonly generative: boolean;
  readonly tool: readonly string[];
  readonly note?: string;
  readonly consent: readonly string[];
  readonly issuer?: string;
  readonly number?: string;
  readonly checkedAt?: string;
  readonly snapshot?: string;
  readonly reason?: string;
  readonly against: readonly string[];
}

async function runTemplate(
  context: Context,
  kind: string,
  cid: string | undefined,
  options: TemplateOptions,
) {
  const { output } = context;
  const { maker, by, identity } = options;
  const input = typed(draftOneClaim.input, {
    claim: await claimOf(kind, options),
    subject: await subjectNamed(cid, options),
    maker,
    ...(by === undefined ? {} : { key: by }),
    ...(identity === undefined ? {} : { identity }),
  });
  const { file, shown, withdrawalCode } = await perform(context, draftOneClaim, input);
  await onFile(options.out, () => writeFile(options.out, `${JSON.stringify(file)}\n`));
  output.document({ out: options.out, claim: file, shown, withdrawalCode });
  for (const line of shown.split('\n')) output.line(`  ${line}`);
  output.line(`Written to ${printable(options.out)}, for the maker to sign`);
  if (withdrawalCode !== null) {
    output.line(`Withdrawal code ${withdrawalCode}`);
    output.line('It is for the maker alone, shown once and kept nowhere.');
  }
  return EXIT.done;
}

async function claimOf(kind: string, options: TemplateOptions): Promise<object> {
  const { note, issuer, number, checkedAt, snapshot } = options;
  switch (kind) {
    case 'declaration':
      return {
        ...{ kind, sourceType: options.sourceType, tools: options.tool },
        generative: options.generative ? (note === undefined ? 'unstated' : 'exceptions') : 'none',
        ...(note === undefined ? {} : { note }),
      };
    case 'consent':
      return await consentClaim(options);
    case 'withdrawal':
      return { kind, consents: options.consent };
    case 'certification':
      return { kind, issuer, number, checkedAt, snapshot, outcome: 'confirmed' };
    case 'dispute':
      return { kind, reason: options.reason, against: options.against };
    default:
      throw new ArchiveError(
        'usage_invalid',
        `${JSON.stringify(kind)} is no claim; one of declaration, consent, withdrawal, certification, dispute`,
      );
  }
}

async function runSign(
  { output }: Context,
  file: string,
  options: PassphraseOptions & { readonly key: string; readonly out?: string },
) {
  const { openMakerKey, signClaimText } = await import('../../compose/keys/maker-key.ts');
  const signer = await openMakerKey(
    options.key,
    await passphraseOf(options, 'the maker’s key is sealed'),
  );
  const { claim, by, archive, statements } = signClaimText(await readClaim(file), signer);
  const out = options.out ?? file;
  await onFile(out, () => writeFile(out, `${JSON.stringify(claim)}\n`));
  output.document({ out, by, archive, statements });
  for (const { text } of claim.texts) {
    for (const line of text.split('\n')) output.line(`  ${printable(line)}`);
  }
  for (const { kind, about } of statements)
    output.line(`Signed ${kind} about ${JSON.stringify(about)}`);
  output.line(`By ${by}, to ${archive}`);
  return EXIT.done;
}

async function runImport(
  context: Context,
  file: string,
  { checked = false }: { checked?: boolean },
) {
  const { output } = context;
  const imported = await perform(context, importOneClaim, {
    claim: await readClaim(file),
    checked,
  });
  output.document(imported);
  for (const { id, kind } of imported.statements) output.line(`${kind} ${id}`);
  output.line(`Carried for ${imported.by} in entry ${imported.entry}`);
  return EXIT.done;
}

async function readClaim(file: string): Promise<string> {
  const bytes = await onFile(file, () => readFile(file));
  if (bytes.length <= MAX_CLAIM_BYTES) return bytes.toString('utf8');
  throw new ArchiveError('input_invalid', `${file} is larger than any claim`);
}
