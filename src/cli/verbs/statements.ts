import { type Command, Option } from 'commander';
import type { Relation } from '../../archive/derive.ts';
import { matchText } from '../../archive/matching/hold-matches.ts';
import {
  declareAssets,
  deriveAsset,
  deriveMachineAsset,
} from '../../archive/operations/state-things.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RELATIONS } from '../../core/statements/asset-kinds.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { type KeyOptions, signAndImport } from '../sign-and-import.ts';
import { type SubjectOptions, subjectNamed, withSubject } from '../subject.ts';
import { withKey } from './consent.ts';

interface DeclareOptions extends SubjectOptions, KeyOptions {
  readonly sourceType: string;
  /** Commander's form of `--no-generative`: true unless given. */
  readonly generative: boolean;
  readonly tool: readonly string[];
  readonly note?: string;
  readonly maker?: string;
}

export function addDeclare(program: Command, bind: Bind): void {
  const command = program
    .command('declare')
    .summary('say how assets came to be')
    .description(
      'Records your word on how one asset, or each of a set, was made. It is a claim: a word that ' +
        'it was generated counts, a word that it was not is no evidence. Signed with --key by a maker ' +
        'whom the deposits name, it is evidence if it is shown whose key it is.',
    );
  withKey(withSubject(command))
    .option('--maker <name>', 'with --key: the maker’s name, as the deposits have it')
    .requiredOption(
      '--source-type <type>',
      'IPTC digital source type, such as digitalCapture, digitalCreation or trainedAlgorithmicMedia (required)',
    )
    .option('--no-generative', 'say that no output of a generative model went in')
    .option('--tool <name...>', 'tools that were used', [])
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence declare bafkrei… --source-type digitalCreation --tool krita',
    );
  bind(command, runDeclare);
}

export function addDerive(program: Command, bind: Bind): void {
  const command = program
    .command('derive')
    .summary('say that one asset stems from another')
    .description(
      'Records how one asset of the archive was made from another. What was made from or by generated ' +
        'work, or from work whose making is not shown, is not eligible; "inspired-by" alone changes ' +
        'nothing. With --machine it is registered as generated in the same entry, as a caption or a transcript ' +
        'by a program is; the work it was made from stays what it is. A derivation cannot be taken back yet.',
    )
    .argument('<child>', 'CID of the asset that stems from the other')
    .requiredOption('--from <parent>', 'CID of the asset it stems from (required)')
    .addOption(
      new Option('--relation <relation>', 'how it stems from it')
        .choices(RELATIONS)
        .default('derived-from'),
    )
    .addOption(
      new Option(
        '--machine <tool>',
        'the program that made it with the other as input, such as whisper',
      ).conflicts('relation'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  ringfence derive bafkrei… --from bafybei… --relation composed-of' +
        '\n  ringfence derive bafkrei… --from bafybei… --machine whisper',
    );
  bind(command, runDerive);
}

async function runDeclare(context: Context, text: string | undefined, options: DeclareOptions) {
  const { note, key, maker } = options;
  if ((key === undefined) !== (maker === undefined)) {
    throw new ArchiveError(
      'usage_invalid',
      'a maker’s own declaration needs both --key and --maker',
    );
  }
  if (key !== undefined && maker !== undefined)
    return await declareAsMaker(context, text, { ...options, key, maker });
  const result = await perform(context, declareAssets, {
    subject: await subjectNamed(text, options),
    sourceType: options.sourceType,
    generative: options.generative ? 'unstated' : 'none',
    tools: [...options.tool],
    ...(note === undefined ? {} : { note }),
  });
  context.output.document(result);
  context.output.line(`Declared for ${countOf(result.assets, 'asset')} in entry ${result.entry}`);
  return EXIT.done;
}

async function declareAsMaker(
  context: Context,
  text: string | undefined,
  options: DeclareOptions & { readonly key: string; readonly maker: string },
) {
  const { note, maker, sourceType, generative } = options;
  const isMixed = generative && note !== undefined;
  const claim = {
    kind: 'declaration' as const,
    sourceType,
    generative: generative
      ? isMixed
        ? ('exceptions' as const)
        : ('unstated' as const)
      : ('none' as const),
    tools: [...options.tool],
    ...(note === undefined ? {} : { note }),
  };
  const subject = await subjectNamed(text, options);
  const result = await signAndImport(context, { claim, subject, maker }, options);
  context.output.document(result);
  context.output.line(`Declared by ${result.by} in entry ${result.entry}`);
  return EXIT.done;
}

async function runDerive(
  context: Context,
  child: string,
  options: { readonly from: string; readonly relation: Relation; readonly machine?: string },
) {
  const { from: parent, relation, machine } = options;
  if (machine !== undefined) return await runMachine(context, { child, parent, tool: machine });
  const result = await perform(context, deriveAsset, { child, parent, relation });
  context.output.document(result);
  context.output.line(`Recorded in entry ${result.entry}`);
  return EXIT.done;
}

async function runMachine(
  context: Context,
  input: { readonly child: string; readonly parent: string; readonly tool: string },
) {
  const result = await perform(context, deriveMachineAsset, input);
  const { output } = context;
  output.document(result);
  output.line(`Recorded, and registered as generated, in entry ${result.entry}`);
  for (const match of result.matches) output.line(`held: ${matchText(match)}`);
  return EXIT.done;
}
