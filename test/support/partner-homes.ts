import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invite } from '../../src/archive/governing/invite.ts';
import { Projector } from '../../src/archive/projector.ts';
import { carryOutRemovals } from '../../src/archive/removing/carry-out-removals.ts';
import { ingest } from '../../src/archive/taking/ingest.ts';
import { foundArchive } from '../../src/compose/founding/found-archive.ts';
import { createHome } from '../../src/compose/home.ts';
import { type OpenedArchive, openArchive } from '../../src/compose/open-archive.ts';
import {
  type PartnerServices,
  startPartnerServices,
} from '../../src/compose/partnering/partner-services.ts';
import { startRemoving } from '../../src/compose/partnering/start-removing.ts';
import { replicaSettings } from '../../src/compose/settings/replica-settings.ts';
import { systemEnvirons } from '../../src/compose/system.ts';
import type { Cid } from '../../src/core/cid.ts';
import type { Did } from '../../src/core/entries/did-key.ts';
import type { LogLine } from '../../src/core/ports/log.ts';
import type { Network } from '../../src/core/ports/network.ts';
import { parseInvitation } from '../../src/core/sharing/invitation.ts';
import { foundReplica } from '../../src/ledger/founding/found-replica.ts';
import { createHomeKey, openHomeKey } from '../../src/ledger/keys/home-key.ts';
import { signerOf } from '../../src/ledger/keys/signer-of.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { serveAdmission } from '../../src/replica/admission/answer-admission.ts';
import { applyForAdmission } from '../../src/replica/admission/apply-for-admission.ts';
import { MemoryHub } from './memory-network.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A home with everything that its node does for partners. */
export interface PartnerNode extends AsyncDisposable {
  readonly archive: OpenedArchive;
  readonly network: Network;
  readonly services: PartnerServices;
  readonly log: readonly LogLine[];
}

/** Real homes in one process, on a network in memory. */
export class PartnerHomes implements AsyncDisposable {
  /** How much later it is in all homes than it is. */
  laterMs = 0;
  readonly #hub = new MemoryHub();
  readonly #opened = new AsyncDisposableStack();
  readonly #folder = this.#opened.use(temporaryFolder()).path;
  readonly #environs = { ...systemEnvirons, clock: () => Date.now() + this.laterMs };

  path(...names: string[]): string {
    return join(this.#folder, ...names);
  }

  async found(name: string, own: Record<string, unknown> = {}): Promise<PartnerNode> {
    await foundArchive(this.path(name), { name: 'Prints', institution: 'Museum' });
    return await this.open(name, own);
  }

  /** Makes a home with an invitation, to hold everything as a partner or nothing, which joins at once. */
  async join(
    name: string,
    host: PartnerNode,
    role: 'partner' | 'witness' = 'partner',
    own: Record<string, unknown> = {},
  ): Promise<PartnerNode> {
    const { archive, network } = host;
    const { invitation } = await invite(
      {
        ...{ role, replica: role === 'partner' ? 'all' : 'none', organisation: undefined },
        lifetimeMs: 60_000,
        ...{ inviters: [{ did: network.did, addresses: network.addresses }] },
        networkKey: undefined,
      },
      { ...archive, signerOf },
    );
    mkdirSync(this.path(name));
    const paths = await createHome(this.path(name), ['packs']);
    const { did } = await createHomeKey(paths.key);
    {
      await using applying = this.#hub.open({ did, admits: () => 'guest' });
      await applying.dial(network.addresses[0] ?? '');
      const shown = parseInvitation(invitation, sha256);
      const parts = { network: applying, signerOf, sha256 };
      const { papers } = await applyForAdmission(network.did, shown, parts, { name });
      await foundReplica({ path: paths.ledger, archive: papers, randomBytes: archive.randomBytes });
    }
    const node = await this.open(name, own);
    await node.network.dial(network.addresses[0] ?? '');
    return node;
  }

  /** Opens a home that looks at its partners much more often than it needs to, and may leave removals alone. */
  async open(
    name: string,
    own: Record<string, unknown> = {},
    { isCarriedOut = true } = {},
  ): Promise<PartnerNode> {
    const opened = this.#opened.use(new AsyncDisposableStack());
    const archive = opened.use(await openArchive(this.path(name), { environs: this.#environs }));
    const { ledger, catalog, paths } = archive;
    const { did } = ledger.self;
    const admits = (peer: Did) => {
      if (ledger.memberOf(peer) !== undefined) return 'member';
      return ledger.memberOf(did) === undefined ? 'guest' : 'stranger';
    };
    const network = opened.use(this.#hub.open({ did, admits }));
    const log: LogLine[] = [];
    const tell = (line: LogLine) => void log.push(line);
    const projector = opened.use(new Projector(catalog, tell));
    serveAdmission({ network, ...archive });
    const signer = await openHomeKey(paths.key);
    const settings = replicaSettings.parse({ checkpointMs: 100, challengeMs: 200, ...own });
    const parts = { archive, network, signer, projector, log: tell, settings };
    const services = opened.use(await startPartnerServices(parts));
    const carryOut = (how: { readonly isNewOnly: boolean }, signal: AbortSignal) =>
      carryOutRemovals(how, archive, signal);
    if (isCarriedOut) opened.use(startRemoving({ archive, log: tell, carryOut }));
    const close = () => opened.disposeAsync();
    return { archive, network, services, log, [Symbol.asyncDispose]: close };
  }

  /** Takes a drawing into a home's custody and returns its CID. */
  async deposit({ archive }: PartnerNode): Promise<Cid> {
    const drawing = this.path('drawing.svg');
    writeFileSync(drawing, '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9"/></svg>');
    const request = { paths: [drawing], collection: 'c', all: true, custody: true };
    const events = ingest({ ...request, hidden: false, dryRun: false, measured: false }, archive);
    for await (const event of events) {
      if (event.event === 'failed') throw new Error(`${drawing} was not taken in`);
    }
    const [asset] = archive.catalog.list({}, { limit: 1 }).assets;
    if (asset === undefined) throw new Error('nothing was taken in');
    return asset.cid;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}
