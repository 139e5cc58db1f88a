import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import type { Webhook, Webhooks } from '../../core/ports/webhooks.ts';
import { allowedUrl } from '../../http/webhooks/post-webhook.ts';

/** How far a webhook is gets durable this often at most. */
const SAVE_MS = 1000;

const webhook = z.strictObject({
  id: z.string().regex(/^whk_[0-9a-f]{16}$/),
  url: z.string().max(2048),
  types: z.array(z.string()),
  secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/),
  allowPrivate: z.boolean(),
  upTo: z.int().min(-1),
}) satisfies z.ZodType<Webhook>;

/** `webhooks.json` of a home (mode 0600: it holds the secrets that messages are signed with). */
export class WebhookFile implements Webhooks, Disposable {
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #webhooks: readonly Webhook[];
  #saving: NodeJS.Timeout | undefined;

  /** @throws {ArchiveError} `home_corrupt`. */
  constructor(path: string) {
    this.#path = path;
    this.#webhooks = readWebhooks(path);
  }

  list(): readonly Webhook[] {
    return this.#webhooks;
  }

  async add(added: Webhook): Promise<void> {
    allowedUrl(added.url, added);
    await onFile(this.#path, async () => this.#write([...this.#webhooks, added]));
    this.#tell();
  }

  async remove(id: string): Promise<boolean> {
    const others = this.#webhooks.filter((one) => one.id !== id);
    if (others.length === this.#webhooks.length) return false;
    await onFile(this.#path, async () => this.#write(others));
    this.#tell();
    return true;
  }

  advance(id: string, upTo: number): void {
    this.#webhooks = this.#webhooks.map((one) => (one.id === id ? { ...one, upTo } : one));
    this.#saving ??= setTimeout(() => this.#save(), SAVE_MS).unref();
  }

  watch(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    if (this.#saving !== undefined) this.#save();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** What cannot be saved is sent again after the next start, and known by its id. */
  #save(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    try {
      this.#write(this.#webhooks);
    } catch {
      // The next advance tries again.
    }
  }

  #write(webhooks: readonly Webhook[]): void {
    writeDurably(this.#path, `${JSON.stringify({ webhooks }, null, 2)}\n`, 0o600);
    this.#webhooks = webhooks;
  }
}

function readWebhooks(path: string): readonly Webhook[] {
  if (!existsSync(path)) return [];
  try {
    const file = z.strictObject({ webhooks: z.array(webhook) });
    return file.parse(JSON.parse(readFileSync(path, 'utf8'))).webhooks;
  } catch (cause) {
    const text = `${path} cannot be used; remove it, and add the webhooks again`;
    throw new ArchiveError('home_corrupt', text, { cause });
  }
}
