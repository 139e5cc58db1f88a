import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { reportForAiAct, reportProvenance } from '../../archive/operations/write-reports.ts';
import { isCid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addReport(program: Command, bind: Bind): void {
  const report = program
    .command('report')
    .summary('write reports for regulators and partners')
    .description('Reports say what the archive knows, and leave blank what it does not.')
    .addHelpText('after', '\nExample:\n  ringfence report ai-act prints 1.0.0 --out summary/');
  const aiAct = report
    .command('ai-act')
    .summary('draft the public summary of training content (AI Act, Art. 53(1)(d))')
    .description(
      'Fills in the template of the AI Office for a model that was trained on releases: sizes, types, languages, ' +
        'dates, licences, reservations and removals. What only the provider of the model knows is left blank. A draft: ' +
        'it needs counsel before it is published.',
    )
    .argument('<release...>', 'CIDs of releases, or NAME VERSION pairs')
    .option('--out <dir>', 'folder for training-summary.md and training-summary.json')
    .addHelpText(
      'after',
      '\nExample:\n  ringfence report ai-act prints 1.0.0 bafybei… --out summary/',
    );
  bind(aiAct, tellAiAct);
  const provenance = report
    .command('provenance')
    .summary('tell where an asset came from and where it went, as W3C PROV-JSON')
    .description(
      'Writes every standing statement about an asset, what it was made from, and the releases, receipts and models ' +
        'that hold it. Makers are told by commitments, not by name.',
    )
    .argument('<cid>', 'CID of the asset')
    .option('--names', 'add the names of makers, from records that are not erased')
    .option('--out <file>', 'file to write (default: print it)')
    .addHelpText('after', '\nExample:\n  ringfence report provenance bafkrei… --out prov.json');
  bind(provenance, tellProvenance);
}

async function tellAiAct(
  context: Context,
  words: readonly string[],
  { out }: { readonly out?: string },
) {
  const { output } = context;
  const { summary, markdown } = await perform(context, reportForAiAct, {
    releases: releasesIn(words),
  });
  if (out === undefined) {
    output.document(summary);
    for (const line of markdown.trimEnd().split('\n')) output.line(line);
    return EXIT.done;
  }
  const folder = resolve(out);
  await onFile(folder, () => makeFolder(folder, { mkdir, stat, dirname }));
  const texts = { md: markdown, json: `${JSON.stringify(summary, null, 2)}\n` };
  const files = [];
  for (const [extension, text] of Object.entries(texts)) {
    const path = join(folder, `training-summary.${extension}`);
    await onFile(path, () => writeFile(path, text));
    files.push(path);
  }
  output.document({ files });
  for (const path of files) output.line(`Written to ${printable(path)}`);
  output.line('This is a draft: it needs counsel before it is published.');
  return EXIT.done;
}

async function tellProvenance(
  context: Context,
  asset: string,
  { names = false, out }: { readonly names?: boolean; readonly out?: string },
) {
  const { output } = context;
  const document = await perform(context, reportProvenance, { asset, names });
  const text = JSON.stringify(document, null, 2);
  if (out === undefined) {
    output.document(document);
    for (const line of text.split('\n')) output.line(line);
    return EXIT.done;
  }
  await onFile(out, () => writeFile(out, `${text}\n`));
  output.document({ out });
  output.line(`Written to ${printable(out)}`);
  return EXIT.done;
}

function releasesIn(words: readonly string[]) {
  const releases: ({ release: string } | { name: string; version: string })[] = [];
  for (let place = 0; place < words.length; place++) {
    const name = words[place] ?? '';
    if (isCid(name)) {
      releases.push({ release: name });
      continue;
    }
    place += 1;
    const version = words[place];
    if (version === undefined) {
      throw new ArchiveError(
        'usage_invalid',
        `${JSON.stringify(name)} is no CID and has no version after it; give NAME VERSION`,
      );
    }
    releases.push({ name, version });
  }
  return releases;
}
