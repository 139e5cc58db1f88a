import type { Cid } from '../cid.ts';
import { compareAge, newestOf } from './age.ts';
import { type AssetFacts, type Fact, factsOf } from './facts.ts';

/** A deposit as last described, for people to read. No rule rests on it. */
export interface CurrentDeposit {
  readonly deposit: Fact<'deposit'>;
  /** The record of its newest description, or its own. */
  readonly record: Cid;
  readonly mediaType: string;
  /** What the newest licence statement about it says, or the deposit itself. */
  readonly licence: string | null;
}

/** Returns the deposits of an asset as last described, the first deposit first ({@link compareAge}). */
export function currentDeposits(facts: AssetFacts): readonly CurrentDeposit[] {
  const descriptions = factsOf(facts, 'description');
  const licences = factsOf(facts, 'licence');
  return [...factsOf(facts, 'deposit')].sort(compareAge).map((deposit) => {
    const own = descriptions.filter((fact) => fact.body.deposit === deposit.id).sort(compareAge);
    const description = own.at(-1);
    const licence = newestOf(
      licences.filter(({ body }) => body.deposit === null || body.deposit === deposit.id),
    );
    return {
      deposit,
      record: description?.body.record ?? deposit.body.record,
      mediaType:
        own.findLast((fact) => fact.body.mediaType !== null)?.body.mediaType ??
        deposit.body.mediaType,
      licence: licence === undefined ? deposit.body.licence : licence.body.licence,
    };
  });
}
