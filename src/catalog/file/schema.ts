/**
 * Raised with every change of what is made of statements, here or in `src/core`. A file with another number, or of
 * another {@link SCHEMA}, is thrown away and built again, never migrated.
 */
export const LAYOUT = 7;

/**
 * The condition of the index `statements_by_kind`. SQLite takes it for a query only that says the same beside
 * `kind = …`, and would read every statement there is otherwise: hence `INDEXED BY`, which fails instead.
 */
export const OF_INDEXED_KIND = `kind IN
  ('collection', 'consent', 'release', 'dispute', 'flag', 'hold', 'quarantine', 'synthetic', 'takedown',
   'erasure', 'acknowledgement', 'certification', 'model', 'removal', 'evidence', 'review')`;

/**
 * The catalog's tables. Every value is a function of the entries in the order in which this node
 * accepted them (and of which records are here), so a rebuilt file equals the old one row for row.
 */
export const SCHEMA = `
-- What this file is a projection of, and how far it has got. Entries below settled are projected as they
-- stood when all of these were there. late counts the records that came late and have been read.
CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  layout TEXT NOT NULL,
  tables TEXT NOT NULL,
  ledger TEXT NOT NULL,
  organisation TEXT NOT NULL,
  trust TEXT NOT NULL,
  next INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  last TEXT NOT NULL,
  late INTEGER NOT NULL
) STRICT;

-- Entries that hold a statement below; id is the arrival number.
CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT;

-- Organisations that have confirmed a checkpoint over an entry, and since which day by their own word.
CREATE TABLE witnesses (
  entry INTEGER NOT NULL,
  organisation TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (entry, organisation)
) STRICT, WITHOUT ROWID;

-- Checkpoint entries by the text of the note that they carry, for cosignatures that come later.
CREATE TABLE checkpoints (
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  clock INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (author, note, clock, hash)
) STRICT, WITHOUT ROWID;

-- Who speaks: the same few on thousands of statements.
CREATE TABLE voices (
  id INTEGER PRIMARY KEY,
  author TEXT NOT NULL,
  organisation TEXT NOT NULL,
  roles TEXT NOT NULL,
  UNIQUE (author, organisation, roles)
) STRICT;

-- Every asset that any statement names. A status is what makes it one of the archive's own.
CREATE TABLE assets (
  id INTEGER PRIMARY KEY,
  cid TEXT NOT NULL,
  class INTEGER,
  status TEXT,
  media TEXT,
  licence TEXT,
  size INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT NOT NULL DEFAULT '',
  declared INTEGER NOT NULL DEFAULT 0,
  custody INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX assets_by_cid ON assets (cid, class);
CREATE INDEX assets_by_class ON assets (class) WHERE class IS NOT NULL;
CREATE INDEX assets_by_status ON assets (status) WHERE status IS NOT NULL;
CREATE INDEX assets_by_media ON assets (media) WHERE media IS NOT NULL;
CREATE INDEX assets_by_licence ON assets (licence) WHERE licence IS NOT NULL;

-- What stands about assets, each statement once; about one asset, or about a set.
CREATE TABLE statements (
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  place INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  voice INTEGER NOT NULL,
  kind TEXT NOT NULL,
  asset INTEGER,
  subject_set INTEGER,
  at TEXT NOT NULL,
  carried TEXT,
  body TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE INDEX statements_by_asset ON statements (asset) WHERE asset IS NOT NULL;
CREATE INDEX statements_by_set ON statements (subject_set) WHERE subject_set IS NOT NULL;

CREATE INDEX statements_by_depositor ON statements (voice) WHERE kind = 'deposit';
CREATE INDEX statements_by_kind ON statements (kind) WHERE ${OF_INDEXED_KIND};
CREATE INDEX statements_by_pulled ON statements (json_extract(body, '$.release')) WHERE kind = 'receipt';
CREATE INDEX statements_carried ON statements (id) WHERE carried IS NOT NULL;

-- Keys that signed declarations and consents which the home's own organisation has recorded.
CREATE TABLE signers (
  statement INTEGER PRIMARY KEY,
  signer TEXT NOT NULL
) STRICT;
CREATE INDEX signers_by_key ON signers (signer);

-- Records that erasures name; a record has few, and most have none.
CREATE TABLE erasures (
  record TEXT NOT NULL,
  statement INTEGER NOT NULL,
  PRIMARY KEY (record, statement)
) STRICT, WITHOUT ROWID;

-- Statements of kinds or versions that this program does not know.
CREATE TABLE unknowns (
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  asset INTEGER,
  subject_set INTEGER
) STRICT;
CREATE INDEX unknowns_by_asset ON unknowns (asset) WHERE asset IS NOT NULL;
CREATE INDEX unknowns_by_set ON unknowns (subject_set) WHERE subject_set IS NOT NULL;

CREATE TABLE sets (
  id INTEGER PRIMARY KEY,
  cid TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE members (
  subject_set INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  PRIMARY KEY (subject_set, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_asset ON members (asset, subject_set);

-- Sets that releases hold, and when the class or the deposits of an asset in one of them last changed, by an entry or a
-- late record: change counts up.
CREATE TABLE released (
  subject_set INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE reshown (
  asset INTEGER PRIMARY KEY,
  change INTEGER NOT NULL
) STRICT;
CREATE INDEX reshown_by_change ON reshown (change);

-- Attestations of sets whose items could be read; id is the statement, name its id. sample is what their
-- reviews showed when that was last news.
CREATE TABLE attestations (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  clock INTEGER NOT NULL,
  author TEXT NOT NULL,
  organisation TEXT NOT NULL,
  institution TEXT NOT NULL,
  subject_set INTEGER NOT NULL,
  count INTEGER NOT NULL,
  sample TEXT NOT NULL
) STRICT;
CREATE TABLE attested (
  attestation INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  place INTEGER NOT NULL,
  source_type TEXT NOT NULL,
  maker TEXT NOT NULL,
  item_date TEXT NOT NULL,
  PRIMARY KEY (attestation, asset)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attested_by_place ON attested (attestation, place);

-- Reviews of items of attestations that count; without a seed, a defect found apart from any sample.
CREATE TABLE drawn (
  attestation INTEGER NOT NULL,
  review INTEGER NOT NULL,
  seed TEXT,
  size INTEGER NOT NULL,
  draw INTEGER NOT NULL,
  defect INTEGER NOT NULL,
  PRIMARY KEY (attestation, review)
) STRICT, WITHOUT ROWID;
CREATE INDEX drawn_by_attempt ON drawn (attestation, seed, size, draw);

-- Checkpoints that another organisation has confirmed, and the entries that carry its word.
CREATE TABLE cosigned (
  author TEXT NOT NULL,
  clock INTEGER NOT NULL,
  hash TEXT NOT NULL,
  carrier TEXT NOT NULL,
  root TEXT NOT NULL,
  PRIMARY KEY (author, clock, hash, carrier)
) STRICT, WITHOUT ROWID;

-- Deposits as last described; id is the deposit's statement, entry, place and clock are its own.
CREATE TABLE deposits (
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  place INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  asset INTEGER NOT NULL,
  collection INTEGER NOT NULL,
  item TEXT NOT NULL,
  licence TEXT,
  record_cid TEXT NOT NULL,
  record TEXT
) STRICT;
CREATE INDEX deposits_by_asset ON deposits (asset);
CREATE INDEX deposits_by_item ON deposits (item, collection);
CREATE INDEX deposits_by_collection ON deposits (collection, asset);

CREATE TABLE collections (
  id INTEGER PRIMARY KEY,
  salted TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  record_cid TEXT,
  assets INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE makers (
  name TEXT NOT NULL,
  asset INTEGER NOT NULL,
  PRIMARY KEY (name, asset)
) STRICT, WITHOUT ROWID;

CREATE INDEX makers_by_asset ON makers (asset);

-- The first year in which an asset may have been made, where a deposit says when.
CREATE TABLE made (
  asset INTEGER PRIMARY KEY,
  year INTEGER NOT NULL
) STRICT;
CREATE INDEX made_by_year ON made (year);

-- Works that deposits call something a part of, and their parts; by the first of an asset's deposits that names one.
-- A key stands for the organisation that deposits and the salted id that it gives.
CREATE TABLE works (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  parts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE parts (
  asset INTEGER PRIMARY KEY,
  work INTEGER NOT NULL,
  part INTEGER
) STRICT;
CREATE INDEX parts_by_work ON parts (work, asset);

-- Who was made from whom, and what those hand on that others were made from.
CREATE TABLE edges (
  parent INTEGER NOT NULL,
  child INTEGER NOT NULL,
  PRIMARY KEY (parent, child)
) STRICT, WITHOUT ROWID;
CREATE TABLE taints (
  asset INTEGER PRIMARY KEY,
  taint TEXT NOT NULL
) STRICT;

-- Manifests of Content Credentials: those that assets have (relation '') by findings of the home's own organisation,
-- and those of what they were made from by anybody's.
CREATE TABLE manifests (
  manifest TEXT NOT NULL,
  asset INTEGER NOT NULL,
  relation TEXT NOT NULL,
  PRIMARY KEY (manifest, asset, relation)
) STRICT, WITHOUT ROWID;
CREATE INDEX manifests_by_asset ON manifests (asset);

-- Assets of which the rules see the same are decided once, by what the rules see of them.
CREATE TABLE classes (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  input TEXT NOT NULL,
  assets INTEGER NOT NULL
) STRICT;

-- How many assets have which status, media type and licence.
CREATE TABLE facets (
  facet TEXT NOT NULL,
  value TEXT NOT NULL,
  assets INTEGER NOT NULL,
  PRIMARY KEY (facet, value)
) STRICT, WITHOUT ROWID;

-- Words of every deposit of an asset; rowid is the asset. Contentless: the words are in deposits.
CREATE VIRTUAL TABLE words USING fts5 (
  title, makers, filename, tags, notes,
  content='', columnsize=0, tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
-- Erased words leave the file, not only the answers.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
`;
