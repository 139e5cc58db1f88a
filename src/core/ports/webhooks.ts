/** An address that is told of events. */
export interface Webhook {
  /** `whk_` and 16 hexadecimal digits. */
  readonly id: string;
  readonly url: string;
  /** Names of the events that it is told of. */
  readonly types: readonly string[];
  /** `whsec_` and the base64 of 32 bytes: what its messages are signed with. */
  readonly secret: string;
  /** Whether it may lie in a private network, and be without TLS. */
  readonly allowPrivate: boolean;
  /** Everything up to and including this arrival number has been taken there; -1 for nothing. */
  readonly upTo: number;
}

/** The webhooks of a home, and how far each is. */
export interface Webhooks {
  list(): readonly Webhook[];

  /**
   * Adds one. Durable when the promise resolves.
   *
   * @throws {ArchiveError} `peer_refused` for an address that may not be called; `disk_full`,
   * `file_unreadable`.
   */
  add(webhook: Webhook): Promise<void>;

  /** Takes one away and returns whether there was one. Durable when the promise resolves. */
  remove(id: string): Promise<boolean>;

  /** Notes how far one is. Durable within a second, or when the home is closed. */
  advance(id: string, upTo: number): void;

  /** Calls the listener whenever one was added or taken away, until disposed. */
  watch(listener: () => void): Disposable;
}

/** What is sent to a webhook. */
export interface WebhookMessage {
  /** The same whenever the same event is sent again, so that the receiver can tell. */
  readonly id: string;
  /** JSON text. */
  readonly body: string;
}

/**
 * Sends a message to a webhook, and says whether the receiver took it or wants no more (`gone`).
 *
 * @throws {ArchiveError} `peer_unreachable`, `peer_timeout`, `peer_refused` (it answered otherwise, or
 * its address is not one that may be called), `aborted`.
 */
export type PostWebhook = (
  webhook: Webhook,
  message: WebhookMessage,
  signal: AbortSignal,
) => Promise<'taken' | 'gone'>;
