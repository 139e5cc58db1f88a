import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeDurably } from '../../content/packs/durable-file.ts';
import { isDid } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';
import {
  BROWSER_MS,
  type Browsers,
  LINK_MS,
  type OwnerBrowser,
  type SignInLink,
} from '../../core/ports/browsers.ts';
import type { Environs } from '../system.ts';

/** The newest links and browsers are kept; more at once are nobody's habit. */
const MOST = 32;
const AGENT_CHARACTERS = 200;

const moment = z.iso.datetime();
const file = z.strictObject({
  links: z.array(z.strictObject({ hash: z.string(), until: moment })),
  browsers: z.array(
    z.strictObject({
      key: z.custom<OwnerBrowser['key']>(isDid),
      agent: z.string(),
      since: moment,
      until: moment,
    }),
  ),
});

/** `browsers.json` of a home (mode 0600): whoever can write it can sign in as the owner. */
export class BrowserFile implements Browsers {
  readonly #path: string;
  readonly #environs: Environs;
  #state: z.output<typeof file>;

  /** @throws {ArchiveError} `home_corrupt`. */
  constructor(path: string, environs: Environs) {
    this.#path = path;
    this.#environs = environs;
    this.#state = readState(path);
  }

  list(): readonly OwnerBrowser[] {
    return this.#state.browsers.filter(this.#lives);
  }

  async createLink(): Promise<SignInLink> {
    const secret = Buffer.from(this.#environs.randomBytes(32)).toString('base64url');
    const until = this.#in(LINK_MS);
    const { links, browsers } = this.#state;
    await this.#change([...links, { hash: hashOf(secret), until }], browsers);
    return { path: `/sign-in#${secret}`, until };
  }

  async signIn(
    secret: string,
    { key, agent }: Pick<OwnerBrowser, 'key' | 'agent'>,
  ): Promise<OwnerBrowser> {
    const { links, browsers } = this.#state;
    const hash = hashOf(secret);
    if (!links.filter(this.#lives).some((link) => link.hash === hash)) {
      throw new ArchiveError(
        'link_invalid',
        `this link was used already, or its ${LINK_MS / 60_000} minutes are over; ` +
          '"ringfence browser link" on the machine of the node prints another',
      );
    }
    const browser = {
      key,
      agent: agent.slice(0, AGENT_CHARACTERS),
      since: this.#in(0),
      until: this.#in(BROWSER_MS),
    };
    await this.#change(
      links.filter((link) => link.hash !== hash),
      [...browsers.filter((one) => one.key !== key), browser],
    );
    return browser;
  }

  async remove(key: OwnerBrowser['key']): Promise<boolean> {
    const others = this.#state.browsers.filter((one) => one.key !== key);
    const isThere = this.list().some((one) => one.key === key);
    if (isThere) await this.#change(this.#state.links, others);
    return isThere;
  }

  /** Nothing comes between the reading of what was and this writing, so a link is used once. */
  async #change(
    links: z.output<typeof file>['links'],
    browsers: z.output<typeof file>['browsers'],
  ): Promise<void> {
    const state = {
      links: links.filter(this.#lives).slice(-MOST),
      browsers: browsers.filter(this.#lives).slice(-MOST),
    };
    await onFile(this.#path, async () => {
      writeDurably(this.#path, `${JSON.stringify(state, null, 2)}\n`, 0o600);
      this.#state = state;
    });
  }

  readonly #lives = ({ until }: { readonly until: string }): boolean =>
    Date.parse(until) > this.#environs.clock();

  #in(ms: number): string {
    return new Date(this.#environs.clock() + ms).toISOString();
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function readState(path: string): z.output<typeof file> {
  if (!existsSync(path)) return { links: [], browsers: [] };
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const text = `${path} cannot be used; remove it, and sign the browsers in again`;
    throw new ArchiveError('home_corrupt', text, { cause });
  }
}
