import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { registerOneModel, traceOneModel } from '../../archive/operations/trace-models.ts';
import type { Traced } from '../../archive/tracing/trace-model.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { statementId } from '../../core/statements/fields.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf, printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

interface Options {
  readonly weights: string;
  readonly receipt: readonly string[];
  readonly generative?: boolean;
}

export function addModel(program: Command, bind: Bind): void {
  const model = program
    .command('model')
    .summary('tie models to what they were trained on')
    .description('A registered model is found from its works, and its works from the model.')
    .addHelpText('after', '\nExample:\n  ringfence model register prints-1 --help');
  const registering = model
    .command('register')
    .summary('record what a model was trained on')
    .description(
      'States the hash of a model’s weights, and the receipts of what it was trained on. A generative model is ' +
        'refused for a release that was not cut for ai_generative_training.',
    )
    .argument('<name>', 'name of the model: letters, digits and ._-:/+')
    .requiredOption('--weights <file>', 'file of the weights, or their sha-256 (required)')
    .requiredOption('--receipt <receipt...>', 'receipt.json of a pull, or its statement (required)')
    .option('--generative', 'the model generates works')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence model register prints-1 --weights model.safetensors --receipt data/receipt.json --generative',
    );
  bind(registering, register);
}

export function addTrace(program: Command, bind: Bind): void {
  const command = program
    .command('trace')
    .summary('tell what a model was trained on')
    .description(
      'Lists the releases that were pulled for a model, with their revisions, and the assets in them with their ' +
        'consents, as they were then and as they are now. What of a release was used is not known.',
    )
    .argument('<model>', 'name of the model, or the sha-256 of its weights')
    .addHelpText('after', '\nExample:\n  ringfence trace prints-1 --json');
  bind(command, trace);
}

async function register(context: Context, model: string, options: Options) {
  const done = await perform(context, registerOneModel, {
    ...{ model, generative: options.generative === true },
    weights: await digestOf(options.weights),
    receipts: options.receipt.map(receiptIn),
  });
  context.output.document(done);
  const how = done.isNew ? 'registered' : 'registered already';
  context.output.line(`${printable(done.model)} ${how}: ${done.id}`);
  return EXIT.done;
}

async function digestOf(weights: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(weights)) return weights;
  const sum = createHash('sha256');
  await onFile(weights, async () => {
    for await (const chunk of createReadStream(weights)) sum.update(chunk);
  });
  return sum.digest('hex');
}

const receiptFile = z.object({ receipt: z.object({ receipt: statementId }) });

function receiptIn(text: string): string {
  if (statementId.safeParse(text).success) return text;
  try {
    return receiptFile.parse(JSON.parse(readFileSync(text, 'utf8'))).receipt.receipt;
  } catch (cause) {
    const what = `${text} is neither a receipt.json nor the id of a receipt`;
    throw new ArchiveError('usage_invalid', what, { cause });
  }
}

async function trace(context: Context, model: string) {
  const { output } = context;
  const done = await perform(context, traceOneModel, { model }, (one) => {
    output.document(one);
    output.line(lineOf(one));
  });
  output.document(done);
  output.line(
    `${countOf(done.releases, 'release')}, ${countOf(done.assets, 'asset')}; ` +
      `${countOf(done.withdrawn, 'asset')} could not be used any more`,
  );
  return EXIT.done;
}

function lineOf(one: Traced): string {
  if (one.kind === 'model') return `${printable(one.model)}  sha-256 ${one.weights}  ${one.at}`;
  if (one.kind === 'release') {
    const called = one.name === null ? one.release : `${printable(one.name)} ${one.version}`;
    return `  ${called} at revision ${one.revision} (now ${one.newest}), pulled ${one.at}: ${one.receipt}`;
  }
  const consents = one.consents.map(({ id, withdrawnBy }) =>
    withdrawnBy.length === 0 ? id : `${id} (withdrawn by ${withdrawnBy.join(', ')})`,
  );
  const now = one.reason === null ? one.is : `${one.is} by ${one.reason}`;
  const by = consents.length === 0 ? '' : `; consents: ${consents.join(', ')}`;
  return `    ${one.asset}: was ${one.was}, is ${now}${by}`;
}
