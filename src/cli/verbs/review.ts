import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  attestTable,
  listAttestations,
  listReviews,
  nextReviews,
  reviewAsset,
} from '../../archive/operations/judge-things.ts';
import { countAgreement, listReviewQueue } from '../../archive/operations/queue-reviews.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RUBRICS, rubricNamed } from '../../core/policy/rubrics.ts';
import { defectBound } from '../../core/policy/sampling/draws.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';

const OUTCOMES = ['confirmed', 'not-shown', 'contradicted', 'cannot-tell'] as const;

interface ReviewOptions {
  readonly rubric: string;
  readonly outcome: (typeof OUTCOMES)[number];
  /** Commander's form of `--no-stake`: true unless given. */
  readonly stake: boolean;
  readonly evidence: readonly string[];
  readonly attestation?: string;
  readonly draw?: number;
  readonly note?: string;
}

export function addReview(program: Command, bind: Bind): void {
  const review = program
    .command('review')
    .summary('judge works and their evidence')
    .description(
      'Reviewers judge by a rubric what they had no part in. A review by the organisation that deposited a ' +
        'work counts for nothing.',
    )
    .addHelpText('after', '\nExample:\n  ringfence review rubric image');
  const rubric = review
    .command('rubric')
    .summary('what to ask of a medium')
    .description('Prints the questions of a rubric.')
    .argument('<medium>', 'image, text, audio, video, code or item')
    .addHelpText('after', '\nExample:\n  ringfence review rubric image');
  bind(rubric, runRubric);
  const add = review
    .command('add')
    .summary('record what you saw')
    .description(
      'Records a review of one asset. It confirms the evidence that it names; with --draw it judges one draw ' +
        'of a set attestation, where "cannot-tell" is a defect.',
    )
    .argument('<cid>', 'CID of the asset')
    .requiredOption('--rubric <name>', 'rubric or medium that you judged by (required)')
    .addOption(
      new Option('--outcome <outcome>', 'what you saw (required)')
        .choices(OUTCOMES)
        .makeOptionMandatory(),
    )
    .option('--no-stake', 'state that you made, deposited and profit from none of it')
    .option('--evidence <id...>', 'statements that you judged', [])
    .option('--attestation <id>', 'set attestation that the draw is of')
    .option('--draw <n>', 'number of the draw', wholeNumber)
    .option('--note <text>', 'a note, kept where it can be erased')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence review add bafkrei… --rubric image --outcome confirmed --no-stake --evidence zdpu…/0',
    );
  bind(add, runAdd);
  const list = review
    .command('list')
    .summary('list the reviews of an asset')
    .description('Lists the standing reviews of an asset.')
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence review list bafkrei…');
  bind(list, runList);
  const queue = review
    .command('queue')
    .summary('what waits for a reviewer')
    .description(
      'Lists open disputes and holds, then evidence that too few organisations have judged.',
    )
    .addHelpText('after', '\nExample:\n  ringfence review queue');
  bind(queue, runQueue);
  const next = review
    .command('next')
    .summary('the next draws of a set attestation')
    .description('Prints the draws that are to be judged next, with the seed they come from.')
    .argument('<attestation>', 'id of the attestation, from "attest list"')
    .option('--limit <n>', 'how many', wholeNumber, 1)
    .addHelpText('after', '\nExample:\n  ringfence review next zdpu…/0');
  bind(next, runNext);
}

export function addAttest(program: Command, bind: Bind): void {
  const attest = program
    .command('attest')
    .summary('attest many works at once')
    .description(
      'A vetted institution attests a set of works, item by item; a reviewer of another organisation judges a ' +
        'sample of it.',
    )
    .addHelpText('after', '\nExample:\n  ringfence attest set prints.csv');
  const set = attest
    .command('set')
    .summary('attest a set from a table')
    .description(
      'Attests the assets of a CSV with the columns cid, item, date, source, digitised, source_type and maker ' +
        '(dead, unknown or living), and where known died and digest. date is the latest day that the item can ' +
        'be from, source who says so outside the institution, such as catalogue:hind-1912.',
    )
    .argument('<csv>', 'the table')
    .addHelpText('after', '\nExample:\n  ringfence attest set prints.csv');
  bind(set, runAttest);
  const list = attest
    .command('list')
    .summary('list set attestations')
    .description('Lists the set attestations with what their samples showed.')
    .addHelpText('after', '\nExample:\n  ringfence attest list');
  bind(list, runAttestations);
}

async function runRubric({ output }: Context, text: string) {
  const name = rubricNamed(text);
  if (name === undefined) {
    const names = Object.keys(RUBRICS).join(', ');
    throw new ArchiveError('usage_invalid', `no rubric ${printable(text)}; there are ${names}`);
  }
  output.document({ rubric: name, questions: RUBRICS[name] });
  output.line(name);
  for (const [place, question] of RUBRICS[name].entries())
    output.line(`  ${place + 1}. ${question}`);
  return EXIT.done;
}

async function runAdd(context: Context, asset: string, options: ReviewOptions) {
  const { rubric, outcome, stake, evidence, attestation, draw, note } = options;
  if ((attestation === undefined) !== (draw === undefined)) {
    throw new ArchiveError('usage_invalid', '--attestation and --draw go together');
  }
  const drawn =
    attestation === undefined || draw === undefined ? undefined : { attestation, number: draw };
  const result = await perform(context, reviewAsset, {
    ...{ asset, rubric, outcome, hasNoStake: !stake, evidence: [...evidence] },
    ...(drawn === undefined ? {} : { draw: drawn }),
    ...(note === undefined ? {} : { note }),
  });
  context.output.document(result);
  context.output.line(`Review ${result.id}`);
  return EXIT.done;
}

async function runList(context: Context, asset: string) {
  const reviews = await perform(context, listReviews, { asset });
  context.output.document(reviews);
  for (const { id, at, outcome, rubric } of reviews) {
    context.output.line(`${at}  ${outcome.padEnd(12)} ${rubric.padEnd(10)} ${id}`);
  }
  return EXIT.done;
}

async function runQueue(context: Context) {
  const agreement = await perform(context, countAgreement, {});
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof listReviewQueue.run>> = await perform(
      context,
      listReviewQueue,
      { limit: 100, cursor },
    );
    for (const one of page.waiting) {
      context.output.document(one);
      const note = one.noUse === null ? '' : `  (${one.noUse})`;
      context.output.line(`${one.why.padEnd(9)} ${one.asset}  ${printable(one.title)}${note}`);
    }
    cursor = page.cursor;
  }
  const { several, agreed } = agreement;
  context.output.line(`Organisations agree on ${agreed} of ${countOf(several, 'asset')}`);
  return EXIT.done;
}

async function runNext(
  context: Context,
  attestation: string,
  { limit }: { readonly limit: number },
) {
  const found = await perform(context, nextReviews, { attestation, limit });
  const { output } = context;
  output.document(found);
  const { next } = found;
  if (next === null) {
    const isWaiting = found.attestation.seed === null;
    output.line(
      isWaiting
        ? 'Nothing yet: the sample begins when another organisation has confirmed a checkpoint after it.'
        : 'Nothing more is to be judged.',
    );
    return EXIT.done;
  }
  output.line(`n = ${next.size}, ${next.judged} judged; seed ${next.seed} by ${next.checkpoint}`);
  for (const { draw, place, asset } of next.draws) {
    output.line(`draw ${draw}: item ${place}, ${asset}`);
  }
  if (next.draws.length === 0) {
    output.line(
      'All of them are judged, and one is a defect: attest again without what it is about.',
    );
  }
  return EXIT.done;
}

async function runAttest(context: Context, path: string) {
  const result = await perform(context, attestTable, { path: resolve(path) });
  context.output.document(result);
  context.output.line(`Attested ${countOf(result.assets, 'asset')}: ${result.id}`);
  return EXIT.done;
}

async function runAttestations(context: Context) {
  const attestations = await perform(context, listAttestations, {});
  context.output.document(attestations);
  for (const { id, assets, outcome, size, failures, defects } of attestations) {
    const shown =
      outcome === 'clean' ? `clean, n = ${size}, ≤ ${defectBound(size)} % at 95 %` : outcome;
    const held = defects.length > 0 ? `, held by ${countOf(defects.length, 'later defect')}` : '';
    context.output.line(
      `${id}  ${countOf(assets, 'asset')}, sample ${shown}${held}; ${failures} failed`,
    );
  }
  return EXIT.done;
}
