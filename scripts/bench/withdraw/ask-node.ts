import { setTimeout } from 'node:timers/promises';

/** What a node tells of a release in `live.json`, of what is measured. */
interface Told {
  readonly revision: number;
  readonly withdrawn: number;
  readonly shards: readonly {
    readonly name: string;
    readonly cid: string;
    readonly size: number;
  }[];
}

const PAUSE_MS = 20;
const GONE = 410;

/** A node that is asked over HTTP by whoever has no account, again and again until it says what is waited for. */
export class AskedNode {
  readonly #url: string;
  readonly #release: string;

  /** @param release A release that it serves, by its CID. */
  constructor(url: string, release: string) {
    this.#url = url;
    this.#release = release;
  }

  /** Has a node withdraw what a maker's code was given for; resolves when that is durable there. */
  async withdraw(code: string): Promise<void> {
    const body = JSON.stringify({ code });
    const headers = { 'content-type': 'application/json' };
    const url = `${this.#url}/api/v1/makers/withdrawals`;
    const response = await fetch(url, { method: 'POST', body, headers });
    if (!response.ok) throw new Error(`withdrawing: ${response.status} ${await response.text()}`);
  }

  /** Resolves when it serves the release as it was cut and gives some works to anybody. */
  async holds(works: readonly { readonly asset: string }[]): Promise<void> {
    await this.serves(0);
    for (const { asset } of works.toReversed()) {
      for (let isHere = false; !isHere; ) {
        isHere = (await fetch(`${this.#url}/ipfs/${asset}`, { method: 'HEAD' })).ok;
        if (!isHere) await setTimeout(1_000);
      }
    }
  }

  /** Resolves with what it tells when so many works are left out of the release. */
  async serves(withdrawn: number): Promise<Told> {
    for (;;) {
      const response = await fetch(`${this.#url}/d/${this.#release}/live.json`);
      const told = response.ok ? ((await response.json()) as Told) : undefined;
      if (!response.ok) await response.arrayBuffer();
      if (told?.withdrawn === withdrawn) return told;
      await setTimeout(PAUSE_MS);
    }
  }

  /** Resolves when the bytes of an asset are refused as withdrawn. */
  async refuses(asset: string): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.#url}/ipfs/${asset}`);
      await response.arrayBuffer();
      if (response.status === GONE) return;
      await setTimeout(PAUSE_MS);
    }
  }

  /** Resolves with the checksums when they are those of a revision; each answer before has to say when to ask again. */
  async sums(revision: number): Promise<string> {
    for (;;) {
      const response = await fetch(`${this.#url}/d/${this.#release}/w/${revision}/SHA256SUMS`);
      const text = await response.text();
      if (response.ok) return text;
      const after = Number(response.headers.get('retry-after'));
      if (response.status !== 503 || !(after > 0)) throw new Error(`${response.status} ${text}`);
      await setTimeout(100);
    }
  }

  /** Reads the beginning of a shard as it is served, and returns its `ETag`. */
  async tagOf(shard: string): Promise<string | null> {
    const url = `${this.#url}/d/${this.#release}/${shard}`;
    const response = await fetch(url, { headers: { range: 'bytes=0-1023' } });
    await response.arrayBuffer();
    return response.headers.get('etag');
  }
}
