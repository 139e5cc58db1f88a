import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  draftOneClaim,
  listAllConsents,
  recordPaperConsent,
  withdrawConsent,
} from '../../archive/operations/make-claims.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { CONSENT_PRESETS } from '../../core/policy/consent-terms.ts';
import { PURPOSES } from '../../core/policy/purposes.ts';
import { KINDS } from '../../core/statements/kinds.ts';
import { EXIT } from '../exit-codes.ts';
import { PASSPHRASE_OPTION } from '../passphrase.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type KeyOptions, signAndImport } from '../sign-and-import.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';
import { typed } from './member.ts';

const GRANT_EXAMPLE =
  'Example:\n  ringfence consent grant bafkrei… --maker "Ada Lovelace" --preset research --key ada.key';

/** The terms of a consent, as `consent grant` and `claim template consent` take them. */
export interface TermsOptions {
  readonly preset?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly condition?: readonly string[];
  readonly for?: readonly string[];
  readonly territory?: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly agreed?: readonly string[];
  readonly role: string;
  readonly under?: string;
  readonly replaces?: readonly string[];
  readonly legalBasis: string;
  readonly attribution: boolean;
  readonly text?: string;
  readonly language: string;
}

export function withTerms(command: Command): Command {
  const presets = Object.entries(CONSENT_PRESETS).map(
    ([name, { summary }]) => `${name}: ${summary}`,
  );
  return command
    .option('--preset <name>', presets.join('; '))
    .option('--allow <purpose...>', `purposes that are allowed: ${PURPOSES.join(', ')}`)
    .option('--deny <purpose...>', 'purposes that are refused, to everybody')
    .option('--condition <purpose=code...>', 'purposes that are allowed on a condition')
    .option(
      '--for <requester...>',
      'who may: anyone, members, research-organisation, organisation:ID',
    )
    .option('--territory <code...>', 'countries it is limited to, as ISO 3166-1 codes')
    .option('--from <time>', 'not before, as 2026-11-22T14:28:34Z')
    .option('--until <time>', 'until')
    .option('--agreed <code...>', 'conditions of others that this consent meets')
    .addOption(
      new Option('--role <role>', 'who speaks')
        .choices(KINDS.consent.body.shape.role.options)
        .default('author'),
    )
    .option('--under <consent>', 'the consent that an agent speaks under')
    .option('--replaces <statement...>', 'consents or reservations that it takes the place of')
    .option('--legal-basis <code>', 'legal basis of keeping it', 'consent')
    .option('--no-attribution', 'the maker does not ask to be credited')
    .option('--text <file>', 'a text of your own to show, instead of the plain sentences')
    .option('--language <tag>', 'language of that text', 'en');
}

export function withKey(command: Command): Command {
  return command
    .option('--key <file>', 'the maker’s key file; "key new" makes one')
    .option(...PASSPHRASE_OPTION)
    .addOption(
      new Option(
        '--identity <method>',
        'how it was checked whose key it is (default: a steward’s voucher, if there is one)',
      ).choices(['steward', 'orcid', 'website', 'key']),
    )
    .option('--checked', 'you have seen that the ORCID record or website names the key');
}

export function addConsent(program: Command, bind: Bind): void {
  const consent = program
    .command('consent')
    .summary('what makers allow, and take back')
    .description('Consents by makers, per purpose, each with a one-time code that withdraws it.')
    .addHelpText('after', `\n${GRANT_EXAMPLE}`);
  const grant = consent
    .command('grant')
    .summary('record what a maker allows')
    .description(
      'Signs a consent with the maker’s key and prints the text that it says, with a one-time code that ' +
        'withdraws it on any node. Without --key you answer, as steward or archivist, for a consent on paper.',
    );
  bind(
    withKey(withTerms(withSubject(grant)))
      .requiredOption('--maker <name>', 'the maker’s name, as the deposits have it (required)')
      .addHelpText('after', `\n${GRANT_EXAMPLE}`),
    runGrant,
  );
  bind(
    consent
      .command('withdraw')
      .summary('take a consent back')
      .description(
        'With --code, on any node and without any key. Naming consents, a steward or archivist records ' +
          'a withdrawal for a maker. With a key, sign "claim template withdrawal".',
      )
      .argument('[consent...]', 'statement ids of consents; "consent list" shows them')
      .option('--code <code>', 'the one-time code')
      .addHelpText(
        'after',
        '\nExample:\n  ringfence consent withdraw --code ABCDE-FGHIJ-KLMNO-PQRST-UVWXY',
      ),
    runWithdraw,
  );
  bind(
    consent
      .command('list')
      .summary('list consents')
      .description('Lists the consents of one asset, or all, with what became of each.')
      .argument('[cid]', 'CID of an asset')
      .addHelpText('after', '\nExample:\n  ringfence consent list bafkrei…'),
    runList,
  );
}

/** @throws {ArchiveError} `usage_invalid` naming the option that is wrong; `file_unreadable`. */
export async function consentClaim(options: TermsOptions) {
  const purposes: Record<string, unknown> = {};
  for (const purpose of options.allow ?? []) purposes[purpose] = 'allow';
  for (const purpose of options.deny ?? []) purposes[purpose] = 'deny';
  for (const text of options.condition ?? []) {
    const [purpose = '', code] = text.split('=');
    purposes[purpose] = { condition: code };
  }
  const { preset, from, until, text, language } = options;
  const said = text === undefined ? undefined : await onFile(text, () => readFile(text, 'utf8'));
  return {
    kind: 'consent',
    ...(Object.keys(purposes).length === 0 ? {} : { purposes }),
    ...(preset === undefined ? {} : { preset }),
    ...(options.for === undefined ? {} : { requesters: options.for }),
    ...(options.territory === undefined ? {} : { territories: options.territory }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(options.agreed === undefined ? {} : { conditions: options.agreed }),
    ...(said === undefined ? {} : { text: { language, text: said } }),
    attribution: options.attribution,
    role: options.role,
    under: options.under ?? null,
    replaces: options.replaces ?? [],
    legalBasis: options.legalBasis,
  };
}

async function runGrant(
  context: Context,
  cid: string | undefined,
  options: TermsOptions & KeyOptions & SubjectOptions & { readonly maker: string },
) {
  const { output } = context;
  const request = {
    claim: await consentClaim(options),
    subject: await subjectNamed(cid, options),
    maker: options.maker,
  };
  if (options.key === undefined) {
    const input = typed(recordPaperConsent.input, request);
    const result = await perform(context, recordPaperConsent, input);
    output.document(result);
    for (const line of result.shown.split('\n')) output.line(`  ${line}`);
    tellConsent(context, result.id, result.withdrawalCode);
    return EXIT.done;
  }
  const input = typed(draftOneClaim.input, request);
  const result = await signAndImport(context, input, { ...options, key: options.key });
  const id = result.statements[0]?.id ?? '';
  output.document({ id, ...result });
  tellConsent(context, id, result.withdrawalCode);
  return EXIT.done;
}

function tellConsent({ output }: Context, id: string, code: string | null): void {
  output.line(`Consent ${id}`);
  if (code === null) return;
  output.line(`Withdrawal code ${code}`);
  output.line(
    'Write it down: it is shown once and kept nowhere. It withdraws this consent on any node.',
  );
}

async function runWithdraw(
  context: Context,
  consents: readonly string[],
  options: { readonly code?: string },
) {
  if ((options.code === undefined) === (consents.length === 0)) {
    throw new ArchiveError('usage_invalid', 'give --code, or name consents');
  }
  const { code } = options;
  const input = typed(withdrawConsent.input, { consents, ...(code === undefined ? {} : { code }) });
  const result = await perform(context, withdrawConsent, input);
  context.output.document(result);
  context.output.line(`Withdrawn in entry ${result.entry}: ${result.consents.join(', ')}`);
  return EXIT.done;
}

async function runList(context: Context, cid: string | undefined) {
  const { output } = context;
  await perform(context, listAllConsents, cid === undefined ? {} : { asset: cid }, (view) => {
    output.document(view);
    const about = 'asset' in view.about ? view.about.asset : `set ${view.about.set}`;
    const fate = view.withdrawnBy.length > 0 ? 'withdrawn' : view.replaced ? 'replaced' : 'stands';
    output.line(`${view.id}  ${fate}${view.tied ? '' : ', not tied to the maker'}  ${about}`);
    output.line(`  ${printable(view.text?.split('\n').slice(0, -1).join(' ') ?? '')}`);
  });
  return EXIT.done;
}
