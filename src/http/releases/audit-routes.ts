import { type Request, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import { cutFile } from '../../archive/live/cut-file.ts';
import type { LiveReleases } from '../../archive/live/live-releases.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Caller } from '../../core/sharing/caller.ts';
import { refuseWithout } from '../callers/roles.ts';
import { readStored } from '../gateway/read-stored.ts';
import { parseReleasePath } from './release-path.ts';
import { absent } from './release-routes.ts';
import { sendReleaseFile } from './send-release-file.ts';

type Parts = Pick<Archive, 'content' | 'ledger'> & {
  readonly live: Pick<LiveReleases, 'named' | 'view'>;
};

/**
 * Releases as they were cut, withdrawn assets included, for whoever may audit: `/audit/NAME/VERSION/FILE`.
 * Each reading is in the log, with who reads. No URL can be signed for it.
 */
export function auditRoutes(parts: Parts, callerOf: (req: Request) => Caller, log: Log): Router {
  const router = Router();
  const { content, ledger, live } = parts;
  router.get('/audit/*path', async (req, res) => {
    const caller = callerOf(req);
    refuseWithout('audit', caller, ledger.self.organisation);
    const path = parseReleasePath(req.path);
    const { file } = path ?? {};
    if (path === undefined || (file?.kind !== 'file' && file?.kind !== 'index')) throw absent(req);
    const { of } = path;
    const release = 'release' in of ? of.release : await live.named(of.name, of.version);
    const view = release === undefined ? undefined : await live.view(release);
    if (release === undefined || view === undefined || (path.revision ?? 0) !== 0)
      throw absent(req);
    const name = file.kind === 'file' ? file.name : RELEASE_FILES.card;
    const found = await cutFile(view, name, parts);
    if (found === undefined) throw absent(req);
    const isRemoved = view.withdrawn
      .values()
      .some(({ shard, state }) => shard === name && state === 'removed');
    if (isRemoved) {
      const text = `${name} cannot be read as it was cut: an asset of it was removed, and its bytes are destroyed`;
      throw new ArchiveError('content_withdrawn', text);
    }
    const { manifest, revision } = view;
    res.set({
      'X-Release-CID': release,
      'X-Withdrawal-Revision': String(revision),
      Link: `</d/${manifest.name}/${manifest.version}/live.json>; rel="describedby"`,
      // It is not to lie about once it was read.
      'Cache-Control': 'private, no-store',
    });
    const by = caller.kind === 'member' ? caller.key : caller.kind;
    const text = `${by} reads ${name} of ${release} as it was cut`;
    log({ level: 'note', event: 'audit', text, details: { release, file: name, by } });
    await sendReleaseFile(req, res, {
      ...{ name, cid: found.cid, size: found.size, content },
      isUnsure: view.shards.has(name),
      read: (offset, length) => readStored(content, found.cid, offset, length),
    });
  });
  return router;
}
