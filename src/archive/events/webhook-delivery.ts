import { setTimeout as sleep } from 'node:timers/promises';
import { failureText } from '../../core/defect-text.ts';
import { asArchiveError } from '../../core/errors.ts';
import type { Sha256 } from '../../core/hash.ts';
import { toHex } from '../../core/hash.ts';
import type { Clock } from '../../core/ports/environment.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PostWebhook, Webhook, Webhooks } from '../../core/ports/webhooks.ts';
import type { ArchiveEvent } from './event.ts';
import type { EventHub } from './event-hub.ts';

/** Waits after the first failures; the last one is repeated for as long as it takes. */
const RETRY_SECONDS = [5, 30, 120, 600, 1800, 7200];

interface DeliveryParts {
  readonly hub: Pick<EventHub, 'read'>;
  readonly webhooks: Webhooks;
  readonly post: PostWebhook;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly log: Log;
  /** Instead of {@link RETRY_SECONDS}. */
  readonly retrySeconds?: readonly number[];
}

/**
 * Sends events to webhooks while a node runs: to each in the order in which they happened, one at a
 * time, again and again until it is taken. One that is away holds up nobody else, and is told later
 * what it missed; one that answers 410 is taken off the list.
 */
export class WebhookDelivery implements AsyncDisposable {
  readonly #parts: DeliveryParts;
  readonly #running = new Map<string, { ended: AbortController; done: Promise<void> }>();
  readonly #watching: Disposable;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#watching = parts.webhooks.watch(() => this.#keepUp());
    this.#keepUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching[Symbol.dispose]();
    const running = [...this.#running.values()];
    for (const { ended } of running) ended.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  #keepUp(): void {
    const listed = new Map(this.#parts.webhooks.list().map((webhook) => [webhook.id, webhook]));
    for (const [id, { ended }] of this.#running) if (!listed.has(id)) ended.abort();
    for (const [id, webhook] of listed) {
      if (this.#running.has(id)) continue;
      const ended = new AbortController();
      const done = this.#deliver(webhook, ended.signal).finally(() => this.#running.delete(id));
      this.#running.set(id, { ended, done });
    }
  }

  async #deliver(webhook: Webhook, signal: AbortSignal): Promise<void> {
    const { hub, webhooks, log } = this.#parts;
    try {
      for await (const told of hub.read({ since: webhook.upTo, signal })) {
        if ('upTo' in told) webhooks.advance(webhook.id, told.upTo);
        else if (webhook.types.includes(told.event.name)) {
          if ((await this.#send(webhook, told.event, signal)) === 'gone') {
            await webhooks.remove(webhook.id);
            return;
          }
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      const text = `the webhook ${webhook.id} is told nothing until the node starts again: ${failureText(error)}`;
      log({ level: 'error', event: 'webhook', text });
    }
  }

  /** Resolves when the message was taken, or is wanted no more. */
  async #send(webhook: Webhook, event: ArchiveEvent, signal: AbortSignal): Promise<string> {
    const { post, log, retrySeconds = RETRY_SECONDS } = this.#parts;
    const message = this.#messageOf(event);
    for (let failures = 0; ; failures += 1) {
      try {
        return await post(webhook, message, signal);
      } catch (error) {
        signal.throwIfAborted();
        const { code } = asArchiveError(error);
        const seconds = retrySeconds[Math.min(failures, retrySeconds.length - 1)] ?? 0;
        const text = `the webhook ${webhook.id} was not reached and is tried again in ${seconds} s: ${failureText(error)}`;
        log({ level: 'warning', event: 'webhook', text, details: { webhook: webhook.id, code } });
        await sleep(seconds * 1000, undefined, { signal });
      }
    }
  }

  /** Events of the ledger have the same id whenever they are told; others happen at a moment. */
  #messageOf({ name, data }: ArchiveEvent): { readonly id: string; readonly body: string } {
    const timestamp = new Date(this.#parts.clock()).toISOString();
    const said = JSON.stringify([name, data, ...('arrival' in data ? [] : [timestamp])]);
    const digest = toHex(this.#parts.sha256(new TextEncoder().encode(said)));
    const body = JSON.stringify({ type: name, timestamp, data });
    return { id: `evt_${digest.slice(0, 32)}`, body };
  }
}
