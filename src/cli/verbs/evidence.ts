import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  addAssetEvidence,
  addProcessKit,
  type GivenProof,
  listAssetEvidence,
} from '../../archive/operations/substantiate.ts';
import { toBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { countOf } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';
import { addSource } from './evidence-source.ts';

interface EvidenceOptions {
  readonly timestamp?: string;
  readonly tsaRoots?: string;
  readonly ots?: string;
  readonly blockHeader?: string;
  readonly process?: string;
}

const EXAMPLE =
  'Example:\n  ringfence evidence add bafkrei… --timestamp drawing.tsr --tsa-roots authority.pem';

export function addEvidence(program: Command, bind: Bind): void {
  const evidence = program
    .command('evidence')
    .summary('add proofs of age and working files')
    .description(
      'Evidence about a work, each kind with its own checks. It counts once a reviewer of another organisation ' +
        'than yours has confirmed it with "review add". Nobody is called.',
    )
    .addHelpText('after', `\n${EXAMPLE}`);
  const add = evidence
    .command('add')
    .summary('record a proof about one asset')
    .description(
      'Records a proof about the bytes of an asset: a time stamp of RFC 3161, or an OpenTimestamps file with ' +
        'the header of the Bitcoin block that it names; what does not hold is refused. Or the working files of a ' +
        'work, by their digests: they stay where they are, sealed.',
    )
    .argument('<cid>', 'CID of the asset')
    .option('--timestamp <file>', 'reply or token of a time-stamping authority (.tsr, .tst)')
    .option(
      '--tsa-roots <file>',
      'roots of such authorities in PEM (default: the trust list in force)',
    )
    .option('--ots <file>', 'OpenTimestamps file (.ots)')
    .option('--block-header <file>', 'header of the Bitcoin block, 80 bytes')
    .option('--process <folder>', 'working files: layered files, RAW, films, drafts')
    .addHelpText('after', `\n${EXAMPLE}`);
  bind(add, runAdd);
  const list = evidence
    .command('list')
    .summary('list the evidence of an asset')
    .description('Lists the standing evidence of an asset and the reviews that name it.')
    .argument('<cid>', 'CID of the asset')
    .addHelpText('after', '\nExample:\n  ringfence evidence list bafkrei…');
  bind(list, runList);
  addSource(evidence, bind);
}

async function runAdd(context: Context, asset: string, options: EvidenceOptions) {
  if (options.process !== undefined) return runKit(context, asset, options.process, options);
  const result = await perform(context, addAssetEvidence, {
    asset,
    proof: await proofGiven(options),
  });
  const { output } = context;
  output.document(result);
  output.line(`Existed by ${result.existedBy}: ${result.by}`);
  output.line(`Evidence ${result.id}`);
  return EXIT.done;
}

async function runKit(context: Context, asset: string, folder: string, options: EvidenceOptions) {
  if (options.timestamp !== undefined || options.ots !== undefined) {
    throw new ArchiveError('usage_invalid', 'give one proof: --process, --timestamp or --ots');
  }
  const result = await perform(context, addProcessKit, { asset, folder: resolve(folder) });
  const { output } = context;
  output.document(result);
  output.line(`${countOf(result.digests.length, 'file')} sealed: ${result.outcome}`);
  if (result.outcome === 'not-shown') {
    output.line('This kit alone does not show how the work was made; it says nothing against it.');
  }
  output.line(`Evidence ${result.id}`);
  return EXIT.done;
}

async function proofGiven(options: EvidenceOptions): Promise<GivenProof> {
  const { timestamp, tsaRoots, ots, blockHeader } = options;
  if ((timestamp === undefined) === (ots === undefined)) {
    throw new ArchiveError('usage_invalid', 'give one proof: --timestamp, --ots or --process');
  }
  if (timestamp !== undefined) {
    const roots = tsaRoots === undefined ? undefined : (await read(tsaRoots)).toString('utf8');
    const token = toBase64(await read(timestamp));
    return { kind: 'rfc3161', token, ...(roots === undefined ? {} : { roots }) };
  }
  if (ots === undefined || blockHeader === undefined) {
    throw new ArchiveError('usage_invalid', '--ots needs --block-header, the header of its block');
  }
  const [proof, header] = await Promise.all([read(ots), read(blockHeader)]);
  return { kind: 'opentimestamps', proof: toBase64(proof), header: toBase64(header) };
}

const read = (path: string) => onFile(path, () => readFile(path));

async function runList(context: Context, asset: string) {
  const found = await perform(context, listAssetEvidence, { asset });
  const { output } = context;
  output.document(found);
  for (const { id, at, class: kind, method, outcome, existedBy, reviews } of found) {
    const age = existedBy === null ? '' : `  existed by ${existedBy}`;
    const confirmed = reviews.filter((review) => review.outcome === 'confirmed').length;
    output.line(
      `${at}  ${kind.padEnd(8)} ${method}  ${outcome}${age}  confirmed by ${confirmed}  ${id}`,
    );
  }
  return EXIT.done;
}
