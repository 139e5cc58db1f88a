import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { previewAsset } from '../../archive/operations/render-assets.ts';
import { fromBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesText } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addPreview(program: Command, bind: Bind): void {
  const command = program
    .command('preview')
    .summary('show one asset at a glance')
    .description(
      'Writes a small picture of an asset: the picture itself, a frame of a film, the shape of a sound, the ' +
        'first page of a PDF; of a text its beginning. A preview is no asset and is not recorded. Needs ' +
        'setpriv and prlimit (util-linux); ffmpeg, mutool or heif-convert for what they read.',
    )
    .argument('<cid>', 'CID of the asset')
    .requiredOption('--out <file>', 'file to write, - for standard output (required)')
    .addHelpText('after', '\nExample:\n  ringfence preview bafkrei… --out drawing.webp');
  bind(command, runPreview);
}

async function runPreview(context: Context, asset: string, { out }: { readonly out: string }) {
  const { output } = context;
  if (out === '-' && output.json) {
    throw new ArchiveError('usage_invalid', 'standard output takes --json or --out -, not both');
  }
  const { cid, mediaType, bytes: text } = await perform(context, previewAsset, { asset });
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new ArchiveError('internal', 'a preview is no Base64');
  if (out === '-') {
    output.bytes(bytes);
    return EXIT.done;
  }
  await onFile(out, () => writeFile(out, bytes));
  output.document({ cid, mediaType, bytes: bytes.length, path: out });
  output.line(`${out}: ${mediaType}, ${bytesText(bytes.length)}`);
  return EXIT.done;
}
