import type { Did } from '../entries/did-key.ts';

/** A browser that acts as the owner of a home, by a key of its own that never leaves it. */
export interface OwnerBrowser {
  readonly key: Did;
  /** What it says of itself, by which its owner knows it again. */
  readonly agent: string;
  /** RFC 3339 in UTC. */
  readonly since: string;
  readonly until: string;
}

/** What signs one browser in, once. */
export interface SignInLink {
  /** `/sign-in#` and 32 random bytes in base64url, of which only the hash is kept. */
  readonly path: string;
  /** RFC 3339 in UTC. */
  readonly until: string;
}

/**
 * The browsers of a home's owner. They are the home's own affair: the ledger hears of one when it signs a
 * statement (`archive/signing/browser-rights.ts`).
 */
export interface Browsers {
  /** Those that may act as the owner now. */
  list(): readonly OwnerBrowser[];

  /**
   * Makes a link. Durable when the promise resolves; it lives for {@link LINK_MS}.
   *
   * @throws {ArchiveError} `disk_full`, `file_unreadable`.
   */
  createLink(): Promise<SignInLink>;

  /**
   * Uses a link up and lets the browser with this key act as the owner for {@link BROWSER_MS}: both are
   * durable together when the promise resolves. Of several with one link the first alone comes in.
   *
   * @throws {ArchiveError} `link_invalid` for a link that was used, has ended or never was; `disk_full`,
   * `file_unreadable`.
   */
  signIn(secret: string, browser: Pick<OwnerBrowser, 'key' | 'agent'>): Promise<OwnerBrowser>;

  /** Ends a browser at once and returns whether there was one. Durable when the promise resolves. */
  remove(key: Did): Promise<boolean>;
}

/** How long a link can be used: ten minutes. */
export const LINK_MS = 600_000;
/** How long a browser may act before it needs another link: thirty days. */
export const BROWSER_MS = 30 * 86_400_000;
