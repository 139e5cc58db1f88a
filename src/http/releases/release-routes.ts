import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Archive } from '../../archive/archive.ts';
import { liveFile } from '../../archive/live/live-file.ts';
import { liveManifest } from '../../archive/live/live-manifest.ts';
import type { LiveView } from '../../archive/live/live-release.ts';
import type { LiveReleases } from '../../archive/live/live-releases.ts';
import { newestWord } from '../../archive/live/newest-word.ts';
import { type ServedTables, servedTables } from '../../archive/live/served-tables.ts';
import type { Cid } from '../../core/cid.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { HotShards } from '../../core/ports/hot-shards.ts';
import { reservationFields } from '../../core/reservations/header-fields.ts';
import { type Caller, mayReadLive } from '../../core/sharing/caller.ts';
import { hex16 } from '../../core/statements/fields.ts';
import { read } from '../contract/endpoint.ts';
import { readStored } from '../gateway/read-stored.ts';
import { sendJson } from '../send-json.ts';
import { receiptRoute } from './receipt-route.ts';
import { parseReleasePath, type ReleasePath } from './release-path.ts';
import { sendProof } from './send-proof.ts';
import { sendReleaseFile } from './send-release-file.ts';

type Parts = Pick<
  Archive,
  | 'content'
  | 'ledger'
  | 'catalog'
  | 'releases'
  | 'feed'
  | 'feeds'
  | 'clock'
  | 'signer'
  | 'sha256'
  | 'verifySignature'
> & {
  readonly live: Pick<LiveReleases, 'named' | 'view' | 'tables'>;
  readonly hotShards: Pick<HotShards, 'find'>;
};

/** What may be asked with `newest.json`, so that the answer can be of no earlier moment. */
const nonce = z.object({ nonce: hex16.exactOptional() });

/**
 * Releases by name and version, without what was withdrawn: `/d/NAME/VERSION/FILE`, and the same of one
 * revision for as long as it is the newest: `/d/NAME/VERSION/w/REVISION/FILE`.
 * A release may be named by its CID as well: `/d/CID/FILE`.
 */
export function releaseRoutes(parts: Parts, callerOf: (req: Request) => Caller): Router {
  const router = Router();
  router.use(receiptRoute(parts, async (req, path) => viewOf(req, parseReleasePath(path))));
  router.get('/d/*path', async (req, res) => {
    const path = parseReleasePath(req.path);
    if (path === undefined) throw absent(req);
    const view = await viewOf(req, path);
    const isPublic = mayReadLive({ kind: 'anonymous' }, view.release, parts);
    setHeaders(res, view, isPublic);
    refuseOther(path.revision, view);
    await send(req, res, path.file, view);
  });
  return router;

  /** @throws {ArchiveError} `not_found` for what is not here, and for whoever may not read it. */
  async function viewOf(req: Request, path: ReleasePath | undefined): Promise<LiveView> {
    const release = path && (await releaseOf(path.of));
    // Before anything else is done, so that no fault tells a stranger that there is such a release.
    if (release === undefined) throw absent(req);
    if (!mayReadLive(callerOf(req), release, parts)) {
      throw parts.catalog.isReleaseUnderReview(release) ? underReview(release) : absent(req);
    }
    const view = await parts.live.view(release);
    if (view === undefined) throw absent(req);
    return view;
  }

  async function releaseOf(of: ReleasePath['of']): Promise<Cid | undefined> {
    return 'release' in of ? of.release : parts.live.named(of.name, of.version);
  }

  /** What keeps them from being written is told by whoever asks for one of them. */
  async function tablesOf(view: LiveView): Promise<ServedTables | undefined> {
    const { tables } = parts.live;
    return servedTables(view, { ...parts, tables }).catch(() => undefined);
  }

  async function send(
    req: Request,
    res: Response,
    file: ReleasePath['file'],
    view: LiveView,
  ): Promise<void> {
    const { tables } = parts.live;
    if (file.kind === 'live') {
      sendJson(req, res, liveManifest(view, await tablesOf(view)));
    } else if (file.kind === 'newest') {
      const asked = read(nonce, req.query).nonce ?? null;
      const word = newestWord(view, await tablesOf(view), asked, parts);
      res.set('Cache-Control', 'no-store').type('application/json').send(Buffer.from(word));
    } else if (file.kind === 'proof') {
      if (!(await sendProof(res, file.name, view, { ...parts, tables }))) throw absent(req);
    } else if (file.kind === 'list') {
      const list = view.lists[file.number - 1];
      if (list === undefined) throw absent(req);
      res.type('application/json').send(Buffer.from(list));
    } else {
      const name = file.kind === 'file' ? file.name : RELEASE_FILES.card;
      const found = await liveFile(view, name, { ...parts, tables });
      if (found === undefined) throw absent(req);
      const isShard = view.shards.has(name);
      const hot = isShard ? await parts.hotShards.find(view.release, found) : undefined;
      await sendReleaseFile(req, res, {
        ...{ name, cid: found.cid, size: found.size },
        isUnsure: isShard && hot === undefined,
        content: parts.content,
        read(offset, length) {
          if (hot !== undefined) return hot.read(offset, length);
          return found.isStored
            ? readStored(parts.content, found.cid, offset, length)
            : tables.read(view, name, { offset, length });
        },
      });
    }
  }
}

function setHeaders(
  res: Response,
  { release, revision, manifest }: LiveView,
  isPublic: boolean,
): void {
  const { name, version, purpose, requester } = manifest;
  res.set({
    'X-Release-CID': release,
    'X-Withdrawal-Revision': String(revision),
    Link: `</d/${name}/${version}/live.json>; rel="describedby"`,
    'Cache-Control': `${isPublic ? 'public' : 'private'}, no-cache`,
    ...reservationFields(new Set(requester === 'anyone' ? [purpose] : [])),
  });
}

/** @throws {ArchiveError} `content_withdrawn` for a revision that is not the newest any more. */
function refuseOther(asked: number | undefined, { manifest, revision }: LiveView): void {
  if (asked === undefined || asked === revision) return;
  const current = `/d/${manifest.name}/${manifest.version}/w/${revision}/`;
  if (asked > revision) {
    throw new ArchiveError('not_found', `there is no revision ${asked}; the newest is ${current}`);
  }
  throw new ArchiveError(
    'content_withdrawn',
    `revision ${asked} is served no more, since assets were withdrawn; the newest is ${current}`,
  );
}

/** Whoever pulls it is to come back, and not to take it for gone. */
function underReview(release: Cid): ArchiveError {
  const text = `much has changed about what is in ${release}; whether anybody may read it is being looked at`;
  return new ArchiveError('busy', text, { retryable: true });
}

export function absent(req: Request): ArchiveError {
  const text = `there is no release, or no file of one, at ${req.path}, or it is not for whoever asks without signing in`;
  return new ArchiveError('not_found', text);
}
