import type { Cid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { equalBytes } from '../../core/hash.ts';
import { encodeValue } from '../../core/statements/block.ts';
import type { Statement } from '../../core/statements/statement.ts';
import { takeTurns } from '../../core/take-turns.ts';
import type { Archive } from '../archive.ts';
import { commitmentsIn } from './named-makers.ts';
import type { Spoken } from './spoken-in.ts';
import { voucherFor } from './vouchers.ts';

type Parts = Pick<Archive, 'ledger' | 'catalog' | 'browsers' | 'sha256'>;

/**
 * Returns if a claim may be carried. What it says is judged by the rules; here is looked at what they
 * cannot see: who else signed what, and whether it came before.
 *
 * @throws {ArchiveError} `statement_rejected` naming what is wrong and what to do.
 */
export async function refuseClaim(
  claim: { readonly by: Did; readonly spoken: readonly Spoken[]; readonly checked: boolean },
  parts: Parts,
): Promise<void> {
  const { by, spoken, checked } = claim;
  if (parts.ledger.memberOf(by) !== undefined) {
    throw refused(`${by} is a member's key; a member says it in its own home`);
  }
  if (parts.browsers.list().some(({ key }) => key === by)) {
    throw refused(`${by} is a browser of this home's owner, who is no maker by it`);
  }
  for (const { statement, members } of spoken) {
    const { kind } = statement;
    if (isSaid(statement, members, parts)) {
      throw refused(`this very ${kind} is in the archive already; sign a new one to say it again`);
    }
    await refuseOtherMakers(statement, members, parts);
    const method = identityOf(statement);
    if ((method === 'orcid' || method === 'website') && !checked) {
      throw refused(
        `this ${kind} states an identity by ${method}; look whether it names ${by}, and say so with --checked`,
      );
    }
    if (statement.kind === 'withdrawal') {
      await refuseForeignWithdrawal(by, statement.body, members, parts);
    }
  }
}

function identityOf({ kind, body }: Statement): string | undefined {
  if (kind === 'declaration') return body.identity?.method;
  return kind === 'consent' ? body.identity : undefined;
}

/** Says whether a standing statement says the same, however it was carried. */
function isSaid(statement: Statement, [asset]: readonly Cid[], { catalog }: Parts): boolean {
  const facts = asset === undefined ? undefined : catalog.facts(asset);
  const known: {
    readonly [kind: string]: readonly { at: string; bySet: boolean; body: object }[] | undefined;
  } = facts?.known ?? {};
  const bySet = statement.about !== null && 'set' in statement.about;
  const body = encodeValue(statement.body);
  return (known[statement.kind] ?? []).some(
    (fact) =>
      fact.at === statement.at && fact.bySet === bySet && equalBytes(encodeValue(fact.body), body),
  );
}

async function refuseOtherMakers(
  { kind, body }: Statement,
  members: readonly Cid[],
  parts: Parts,
): Promise<void> {
  if (!('makers' in body) || body.makers.length === 0) return;
  const named = await commitmentsIn(members, parts);
  if (body.makers.every((maker: string) => named.has(maker))) return;
  throw refused(`this ${kind} speaks for a maker whom no deposit of these assets names`);
}

/**
 * A withdrawal by key is by the key that signed the consent, or by one that a steward ties to its makers.
 * Where the consent's envelope cannot be read here, it is let through: what is withdrawn is not used.
 */
async function refuseForeignWithdrawal(
  by: Did,
  { consents, makers, code }: (Statement & { kind: 'withdrawal' })['body'],
  members: readonly Cid[],
  parts: Parts,
): Promise<void> {
  if (code !== null) return;
  if (consents.length === 0 && makers.length === 0) {
    throw refused('this withdrawal names neither a consent nor a maker');
  }
  const { ledger, catalog } = parts;
  const takeTurn = takeTurns();
  for (const asset of members) {
    await takeTurn();
    for (const { id, body, envelope, carried } of catalog.facts(asset)?.known.consent ?? []) {
      const isNamed =
        consents.length > 0
          ? consents.includes(id)
          : body.makers.some((one) => makers.includes(one));
      if (!isNamed) continue;
      const record = envelope && ledger.record(envelope.record);
      const isSigner = record?.type === 'envelope' ? record.signer === by : carried;
      if (isSigner || voucherFor(by, body.makers, asset, parts)) continue;
      const text = 'was given by another key; withdraw it by its code, or ask a steward';
      throw refused(`consent ${id} ${text}`);
    }
  }
}

function refused(problem: string): ArchiveError {
  return new ArchiveError('statement_rejected', problem);
}
