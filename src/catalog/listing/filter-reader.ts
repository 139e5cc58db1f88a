import type { Database } from '../../sqlite/database.ts';
import { FactReader } from '../facts/fact-reader.ts';
import type { SourceLedger } from '../projecting/source-ledger.ts';
import { AssetReader } from '../reading/asset-reader.ts';
import { SignerReader } from '../reading/signer-reader.ts';
import { WorkReader } from '../reading/work-reader.ts';
import { Verdicts } from '../verdicts.ts';
import { Conditions } from './conditions.ts';
import { lastAsset } from './count-all.ts';
import { FacetCounts } from './facet-counts.ts';
import { Listing } from './listing.ts';

/** What answers by filters, of one open file: nothing of it needs more of the ledger than its policies. */
export class FilterReader {
  readonly facts: FactReader;
  readonly assets: AssetReader;
  readonly verdicts: Verdicts;
  readonly signers: SignerReader;
  readonly conditions: Conditions;
  readonly listing: Listing;
  readonly facets: FacetCounts;

  readonly #db: Database;

  constructor(db: Database, ledger: Pick<SourceLedger, 'policies'>) {
    this.#db = db;
    this.facts = new FactReader(db);
    const works = new WorkReader(db);
    this.assets = new AssetReader(db, this.facts, works);
    this.verdicts = new Verdicts(db, ledger);
    this.signers = new SignerReader(db);
    this.conditions = new Conditions(db, this.verdicts, this.signers);
    this.listing = new Listing(db, this.assets, works, this.conditions);
    this.facets = new FacetCounts(db, this.assets, this.conditions, this.verdicts);
  }

  /** How many assets there are at most. */
  get most(): number {
    return lastAsset(this.#db);
  }

  /** To be called when entries have been projected. */
  forget(): void {
    this.facts.forget();
    this.verdicts.forget();
  }
}
