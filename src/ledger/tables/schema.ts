import type { Migration } from '../../sqlite/open-database.ts';

/**
 * The tables of `ledger.db`. Only `entries.bytes`, `blocks.bytes`, `records.bytes`, the arrival
 * numbers, `epoch` and `salts` are facts; everything else is derived from them and is recomputed by
 * `verify`. CIDs are kept as their 36 bytes.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  -- One row: which archive this is. epoch names this home's own tree (ledger.md §6).
  CREATE TABLE archive (
    manifest BLOB NOT NULL,
    epoch BLOB NOT NULL
  ) STRICT;

  -- Accepted entries by arrival number. run names the arrival of the first entry of the unbranched
  -- stretch this one is in. matters: whether it calls for a checkpoint. past: which governance entries
  -- lie in its past; rule: its number among them, if it is one.
  CREATE TABLE entries (
    arrival INTEGER PRIMARY KEY,
    cid BLOB NOT NULL UNIQUE,
    author TEXT NOT NULL,
    clock INTEGER NOT NULL,
    run INTEGER NOT NULL,
    statements INTEGER NOT NULL,
    matters INTEGER NOT NULL,
    past INTEGER NOT NULL,
    rule INTEGER,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX authors ON entries (author, clock);
  CREATE UNIQUE INDEX runs ON entries (run, clock);

  -- Governance entries in order of arrival: the member whose key wrote it, and why it counts in no
  -- state, which follows from its own past alone.
  CREATE TABLE rules (
    number INTEGER PRIMARY KEY,
    arrival INTEGER NOT NULL UNIQUE,
    member TEXT,
    problem TEXT
  ) STRICT;

  -- Sets of governance entries, one bit each by their numbers.
  CREATE TABLE pasts (id INTEGER PRIMARY KEY, rules BLOB NOT NULL UNIQUE) STRICT;

  -- Entries that carry envelopes, by who signed them.
  CREATE TABLE signers (
    signer TEXT NOT NULL,
    arrival INTEGER NOT NULL,
    PRIMARY KEY (signer, arrival)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE parents (
    child INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    PRIMARY KEY (child, parent)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX children ON parents (parent);

  CREATE TABLE heads (arrival INTEGER PRIMARY KEY) STRICT;

  -- The newest entry of each author's chain, and the entries that do not continue it.
  CREATE TABLE tips (author TEXT PRIMARY KEY, arrival INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE forks (arrival INTEGER PRIMARY KEY, tip INTEGER NOT NULL) STRICT;

  -- This home's own checkpoints.
  CREATE TABLE checkpoints (arrival INTEGER PRIMARY KEY) STRICT;

  -- Manifest, charter, policies, trust lists, batches, sets and their pages, envelopes.
  CREATE TABLE blocks (cid BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

  -- Sets that statements are about: the number of members, 0 if root and pages do not agree.
  CREATE TABLE sets (cid BLOB PRIMARY KEY, members INTEGER NOT NULL) STRICT;

  -- Envelope statements by what tells repetitions, with the entries that carry them.
  CREATE TABLE envelopes (
    once BLOB NOT NULL,
    arrival INTEGER NOT NULL,
    PRIMARY KEY (once, arrival)
  ) STRICT, WITHOUT ROWID;

  -- In order of arrival, numbers never given twice. A record that came twice is there twice. The bytes of
  -- one that was erased are zeros.
  CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cid BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  -- Where the records of full segments may be, by the first bytes of their digests.
  CREATE TABLE record_places (
    segment INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    places BLOB NOT NULL,
    PRIMARY KEY (segment, bucket)
  ) STRICT, WITHOUT ROWID;

  -- Records that accepted entries name and that are not here, or not yet.
  CREATE TABLE missing_records (
    arrival INTEGER NOT NULL,
    cid BLOB NOT NULL,
    PRIMARY KEY (arrival, cid)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX missing_by_cid ON missing_records (cid);

  -- Records that came after the entries that name them, or that an erasure hides or no longer hides,
  -- numbered from 1 without gaps.
  CREATE TABLE late_records (id INTEGER PRIMARY KEY, cid BLOB NOT NULL) STRICT;

  -- Records that erasures name, place being that of the statement in its entry. state and since are what
  -- this home has done about it and when it began to hide the record, which follows from nothing, so seal
  -- is the digest of the others of a row.
  CREATE TABLE erasures (
    record BLOB NOT NULL,
    arrival INTEGER NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (record, arrival, place)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX erasures_by_state ON erasures (state, since);

  -- Other nodes' arrival logs: the newest head seen of each, and how far it is taken. frontier holds
  -- the hashes of the complete subtrees of what is taken. Rows of these three tables cannot be
  -- recomputed, so seal is the digest of the others of a row.
  CREATE TABLE feeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL UNIQUE,
    peer TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    taken INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    seal BLOB NOT NULL
  ) STRICT;
  CREATE INDEX feeds_by_peer ON feeds (peer);

  -- Leaves of other nodes' logs that no node will ever accept, or that build on one.
  CREATE TABLE skipped (
    origin TEXT NOT NULL,
    leaf BLOB NOT NULL,
    reason TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (origin, leaf)
  ) STRICT, WITHOUT ROWID;

  -- Pairs of signed notes that cannot both be of one honest node.
  CREATE TABLE contradictions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    peer TEXT NOT NULL,
    sort TEXT NOT NULL,
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    settled INTEGER NOT NULL,
    seal BLOB NOT NULL,
    UNIQUE (one, other)
  ) STRICT;

  -- Complete subtrees of the arrival log's Merkle tree, from level 1 up; leaves follow from entries.
  CREATE TABLE tree (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, place)
  ) STRICT, WITHOUT ROWID;

  -- seal is the digest of sort, name and salt: nothing else could tell that a salt was damaged.
  CREATE TABLE salts (
    sort TEXT NOT NULL,
    name TEXT NOT NULL,
    salt BLOB NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (sort, name)
  ) STRICT, WITHOUT ROWID;

  -- A row while a restored home has not reached a peer yet: until then it appends nothing.
  CREATE TABLE waiting (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
  `,
];
