import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { onFile } from '../../core/file-fault.ts';
import type { CopyHistory, CopySample } from '../../core/ports/copy-history.ts';
import { keptSamples } from '../../core/sharing/kept-samples.ts';
import { did, natural, timestamp } from '../../core/statements/fields.ts';

/** A row is a sample, so that ninety days of many partners stay small: which, when, connected, and five counts. */
const row = z.tuple([
  did,
  timestamp,
  z.boolean(),
  natural.nullable(),
  natural.nullable(),
  natural,
  natural,
  natural,
]);

/** `copy-history.json` of a home. A file that cannot be used is begun anew: nothing rests on it. */
export class CopyHistoryFile implements CopyHistory {
  readonly #path: string;
  #samples: readonly CopySample[] | undefined;
  #adding: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  read(): readonly CopySample[] {
    this.#samples ??= readSamples(this.#path);
    return this.#samples;
  }

  add(samples: readonly CopySample[], at: string): Promise<void> {
    const adding = this.#adding.then(async () => {
      const kept = keptSamples([...this.read(), ...samples], at);
      const text = `${JSON.stringify({ samples: kept.map(toRow) })}\n`;
      await onFile(this.#path, async () => writeDurably(this.#path, text, 0o600));
      this.#samples = kept;
    });
    // Its failure is the caller's; the next one begins anew.
    this.#adding = adding.catch(() => {});
    return adding;
  }
}

function readSamples(path: string): readonly CopySample[] {
  if (!existsSync(path)) return [];
  try {
    const file = z.strictObject({ samples: z.array(row) });
    return file.parse(JSON.parse(readFileSync(path, 'utf8'))).samples.map(fromRow);
  } catch {
    return [];
  }
}

function toRow(sample: CopySample): z.output<typeof row> {
  const { did, at, connected, toTake, toGive, wanted, proven, lost } = sample;
  return [did, at, connected, toTake, toGive, wanted, proven, lost];
}

function fromRow(values: z.output<typeof row>): CopySample {
  const [did, at, connected, toTake, toGive, wanted, proven, lost] = values;
  return { did, at, connected, toTake, toGive, wanted, proven, lost };
}
