import type { paths } from '../../../.cache/web/described.d.ts';
import { answered, api, Refusal } from '../api/client.ts';
import { forgetAtNode } from './forget-at-node.ts';
import { isPassingStatus, pause, RETRY_MS } from './retrying.ts';
import type { Sent } from './send-file.ts';
import { rememberSent } from './sent-before.ts';

type Answer = paths['/api/v1/deposits']['post']['responses'][200]['content']['application/json'];
type Outcome = Answer['outcomes'][number];

/** An asset that was taken in now, with its findings. */
export type TakenAsset = Extract<Outcome, { asset: unknown }>['asset'];

/** What became of one of several files. */
export type Became = { readonly asset: TakenAsset } | { readonly reason: string };

interface Telling<File> {
  readonly became: (file: File, what: Became) => void;
  /** What the node says of all of them together. */
  readonly told: (text: string) => void;
}

/**
 * Has files that the node has whole taken in together, and tells what became of each when that is durable there.
 * Goes on by itself for some minutes while the node does not answer, or cannot just now. Throws a
 * {@link Refusal} of all that are left, or whatever the signal was fired with.
 */
export async function takeSent<File extends { readonly sent: Sent }>(
  files: readonly File[],
  { became, told }: Telling<File>,
  signal: AbortSignal,
): Promise<void> {
  let left = files;
  for (const [round, ms] of [...RETRY_MS, 0].entries()) {
    const isLast = round === RETRY_MS.length;
    try {
      const { outcomes, events } = await askFor(left, signal);
      for (const event of events) if (event.event === 'warning') told(event.text);
      const again: File[] = [];
      for (const [place, file] of left.entries()) {
        const outcome = outcomes[place];
        if (outcome === undefined) continue;
        if ('asset' in outcome) {
          await settle(file.sent, outcome.asset);
          became(file, outcome);
        } else if (outcome.refusal.retryable && outcome.refusal.code !== 'disk_full' && !isLast) {
          again.push(file);
        } else became(file, { reason: outcome.refusal.text });
      }
      left = again;
      if (left.length === 0) return;
    } catch (error) {
      const isPassing = error instanceof Refusal ? isPassingStatus(error.status) : isLost(error);
      if (signal.aborted || isLast || !isPassing) throw error;
    }
    await pause(ms, signal);
  }
}

function askFor(files: readonly { readonly sent: Sent }[], signal: AbortSignal): Promise<Answer> {
  const uploads = files.map(({ sent }) => sent.url.slice(sent.url.lastIndexOf('/') + 1));
  return answered(api.POST('/api/v1/deposits', { body: { uploads }, signal }));
}

/** Whether nothing answered. */
function isLost(error: unknown): boolean {
  return error instanceof TypeError;
}

async function settle({ name, url }: Sent, { cid }: TakenAsset): Promise<void> {
  await rememberSent(name, { cid });
  forgetAtNode(url);
}
