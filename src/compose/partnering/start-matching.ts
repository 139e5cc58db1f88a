import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { matchRegistrations } from '../../archive/matching/match-registrations.ts';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { onFile } from '../../core/file-fault.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, type PartnerParts, tellFailure } from './partner-parts.ts';

/** What a failure left is looked at again after so long; entries that come wake it at once. */
const LOOK_MS = 300_000;

/** Arrivals, or time, after which it is noted how far one is; what was not noted is looked through once more. */
const NOTE_EVERY = 1_000;
const NOTE_MS = 60_000;

const file = z.strictObject({ next: z.int().min(0) });

/** Holds what this home has deposited and others have registered, or register, as generated, until disposed. */
export function startMatching({
  archive,
  projector,
  log,
}: Pick<PartnerParts, 'archive' | 'projector' | 'log'>): AsyncDisposable {
  const { ledger, paths } = archive;
  let next = readNext(paths.compared);
  let noted = next;
  let notedAt = Number.NEGATIVE_INFINITY;
  const isToBeNoted = (held: number) =>
    held > 0 ||
    next - noted >= NOTE_EVERY ||
    (next > noted && performance.now() - notedAt >= NOTE_MS);
  const matching = new Rounds({
    everyMs: LOOK_MS,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'match', error),
    round: async (signal) => {
      if (ledger.isWaiting) return;
      // Numbers begin anew in a ledger that was restored.
      if (next > ledger.size()) noted = next = 0;
      for await (const { next: reached, held } of matchRegistrations(next, archive, signal)) {
        next = reached;
        if (isToBeNoted(held)) {
          await writeNext(paths.compared, next);
          noted = next;
          notedAt = performance.now();
        }
        if (held === 0) continue;
        const text = `${held} works are like something that was registered as generated, and held`;
        log({ level: 'note', event: 'match', text, details: { held } });
        projector.news();
      }
    },
  });
  const running = new AsyncDisposableStack();
  running.use(matching).start();
  running.defer(ledger.feed.watch(() => matching.wake()));
  return running;
}

/** Where the file is of no use, all is compared once more. */
function readNext(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8'))).next;
  } catch {
    return 0;
  }
}

async function writeNext(path: string, next: number): Promise<void> {
  await onFile(path, async () => writeDurably(path, `${JSON.stringify({ next })}\n`));
}
