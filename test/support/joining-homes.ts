import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Invited, type InviteRequest, invite } from '../../src/archive/governing/invite.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import type { Clock } from '../../src/core/ports/environment.ts';
import type { Network } from '../../src/core/ports/network.ts';
import { type Invitation, parseInvitation } from '../../src/core/sharing/invitation.ts';
import { foundLedger } from '../../src/ledger/founding/found-ledger.ts';
import { foundReplica } from '../../src/ledger/founding/found-replica.ts';
import { signerOf as signerOfSeed } from '../../src/ledger/keys/signer-of.ts';
import { verifySignature } from '../../src/ledger/keys/verify-signature.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import type { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { serveAdmission } from '../../src/replica/admission/answer-admission.ts';
import { applyForAdmission } from '../../src/replica/admission/apply-for-admission.ts';
import { FEED } from '../../src/replica/feed/protocol.ts';
import { serveFeed } from '../../src/replica/feed/serve-feed.ts';
import { type SyncReport, syncWith } from '../../src/replica/feed/sync-with.ts';
import { fixedClock, seededBytes } from './environs.ts';
import { pemOf, signerOf } from './keys.ts';
import { MemoryHub } from './memory-network.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A member's home with its ledger and its place in a network, who admits others. */
export interface JoinedHome {
  readonly did: Did;
  readonly ledger: SqliteLedger;
  readonly network: Network;
}

/** Homes that are founded and joined as real ones are, in one process. */
export class JoiningHomes implements AsyncDisposable {
  /** What the homes' clocks say. */
  now = fixedClock();
  readonly hub = new MemoryHub();
  readonly #opened = new AsyncDisposableStack();
  readonly #folder = this.#opened.use(temporaryFolder()).path;
  readonly #randomBytes = seededBytes('joining homes');
  readonly #clock: Clock = () => this.now;

  async found(name: string): Promise<JoinedHome> {
    await foundLedger({ ...this.#environment(name), name: 'Test' });
    return await this.open(name);
  }

  /** Shows an invitation to a home, as the key of that name. */
  async apply(name: string, text: string, to: JoinedHome): Promise<void> {
    await using network = this.hub.open({ did: signerOf(name).did, admits: () => 'guest' });
    await network.dial(to.network.addresses[0] ?? '');
    const parts = { network, signerOf: signerOfSeed, sha256 };
    const { papers: archive } = await applyForAdmission(to.did, this.read(text), parts, { name });
    const { path, randomBytes } = this.#environment(name);
    await foundReplica({ path, archive, randomBytes });
  }

  async join(name: string, text: string, to: JoinedHome): Promise<JoinedHome> {
    await this.apply(name, text, to);
    const home = await this.open(name);
    await this.pull(home, to);
    return home;
  }

  async open(name: string): Promise<JoinedHome> {
    const ledger = this.#opened.use(await openLedger(this.#environment(name)));
    const { did } = signerOf(name);
    const admits = (peer: Did) => {
      if (ledger.memberOf(peer) !== undefined) return 'member';
      return ledger.memberOf(did) === undefined ? 'guest' : 'stranger';
    };
    const network = this.#opened.use(this.hub.open({ did, admits }));
    network.handle(FEED, serveFeed({ feed: ledger.feed, mayHave: () => () => true }));
    const { clock, randomBytes } = this.#environment(name);
    serveAdmission({ network, ledger, clock, randomBytes, sha256 });
    return { did, ledger, network };
  }

  async pull({ network, ledger }: JoinedHome, from: JoinedHome): Promise<SyncReport> {
    await network.dial(from.network.addresses[0] ?? '');
    const { feed, feeds } = ledger;
    return await syncWith(from.did, { network, feed, feeds, verify: verifySignature, sha256 });
  }

  async invite(
    { ledger, did, network }: JoinedHome,
    request: Partial<InviteRequest> = {},
  ): Promise<Invited> {
    const parts = { ledger, clock: this.#clock, randomBytes: this.#randomBytes, sha256 };
    return await invite(
      {
        role: 'partner',
        organisation: undefined,
        replica: 'eligible',
        lifetimeMs: 3_600_000,
        inviters: [{ did, addresses: network.addresses }],
        networkKey: undefined,
        ...request,
      },
      { ...parts, signerOf: signerOfSeed },
    );
  }

  read(text: string): Invitation {
    return parseInvitation(text, sha256);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }

  #environment(name: string) {
    const home = join(this.#folder, name);
    const keyPath = join(home, 'key.pem');
    mkdirSync(home, { recursive: true });
    writeFileSync(keyPath, pemOf(name), { mode: 0o600 });
    const environs = { clock: this.#clock, randomBytes: this.#randomBytes };
    return { path: join(home, 'ledger.db'), keyPath, ...environs };
  }
}
