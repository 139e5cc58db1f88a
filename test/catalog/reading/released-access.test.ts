import { afterEach, beforeEach, expect, it } from 'vitest';
import { SCHEMA } from '../../../src/catalog/file/schema.ts';
import { type LookedAt, ReleasedAccess } from '../../../src/catalog/reading/released-access.ts';
import type { Database } from '../../../src/sqlite/database.ts';
import { openDatabase } from '../../../src/sqlite/open-database.ts';
import * as say from '../../support/asset-statements.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** More than were told apart once. */
const MEMBERS = 70_000;

const HOME = 'home';
const release = say.assetOf('release');
let folder: ReturnType<typeof temporaryFolder>;
let db: Database;
/** What is said of every member, but for those that are told apart. */
let all: LookedAt;
const others = new Map<number, LookedAt>();
let looks = 0;

beforeEach(() => {
  folder = temporaryFolder();
  db = openDatabase(`${folder.path}/catalog.db`, { migrations: [SCHEMA] });
  const body = JSON.stringify({ release, requester: 'anyone', state: 'state', assets: MEMBERS });
  db.exec(
    `INSERT INTO voices (id, author, organisation, roles) VALUES (1, 'did', '${HOME}', '');
     INSERT INTO statements (id, entry, place, clock, voice, kind, subject_set, at, body, sum)
     VALUES (1, 1, 0, 1, 1, 'release', 1, '', '${body}', 0);
     INSERT INTO members (subject_set, asset) WITH RECURSIVE ids (id) AS
       (VALUES (1) UNION ALL SELECT id + 1 FROM ids WHERE id < ${MEMBERS}) SELECT 1, id FROM ids`,
  );
  others.clear();
  looks = 0;
});
afterEach(() => {
  db.close();
  folder[Symbol.dispose]();
});

function open() {
  const lookAt = (ids: readonly number[]) => {
    looks += ids.length;
    return new Map(ids.map((id) => [id, others.get(id) ?? all]));
  };
  return new ReleasedAccess(db, HOME, lookAt, () => new Map());
}

/** Says something else of one member. */
function change(asset: number, said: LookedAt): void {
  others.set(asset, said);
  db.exec(
    `INSERT OR REPLACE INTO reshown VALUES (${asset}, (SELECT coalesce(max(change), 0) + 1 FROM reshown))`,
  );
}

it('leaves a release open of which very many works are withdrawn', async () => {
  all = { isPublic: false, isOpen: true, collections: [] };
  using access = open();
  await expect.poll(() => access.of(release)).toEqual({ isPublic: false, isOpen: true });
  expect(looks).toBe(MEMBERS);
  // What changes then is looked at alone.
  change(7, { isPublic: false, isOpen: false, collections: [] });
  expect(access.of(release)).toEqual({ isPublic: false, isOpen: false });
  change(7, { isPublic: true, isOpen: true, collections: [] });
  expect(access.of(release)).toEqual({ isPublic: false, isOpen: true });
  expect(looks).toBe(MEMBERS + 2);
});

it('looks at no more of a release than shows that it is closed', async () => {
  all = { isPublic: false, isOpen: false, collections: [] };
  using access = open();
  await expect.poll(() => access.of(release)).toEqual({ isPublic: false, isOpen: false });
  expect(looks).toBeLessThan(MEMBERS);
});
