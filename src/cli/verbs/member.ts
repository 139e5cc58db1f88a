import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Ruled } from '../../archive/governing/members.ts';
import { adoptVoid, grantRole, listMembers, revokeRoles } from '../../archive/operations/govern.ts';
import { listInvitations } from '../../archive/operations/meet-peers.ts';
import { ArchiveError } from '../../core/errors.ts';
import { ROLES } from '../../core/statements/governance-kinds.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { type Bind, type Context, perform } from '../session.ts';

export function addMember(program: Command, bind: Bind): void {
  const member = program
    .command('member')
    .summary('see and change who may do what')
    .description('Members act by their keys; stewards grant and revoke.')
    .addHelpText('after', '\nExample:\n  ringfence member list');
  bind(
    member
      .command('list')
      .summary('list the members')
      .description('Lists the members with their roles, organisations and keys.')
      .addHelpText('after', '\nExample:\n  ringfence member list --json'),
    list,
  );
  bind(
    member
      .command('invitations')
      .summary('list who was invited, and what became of it')
      .description('Lists the invitations with what they let in to; "member revoke KEY" ends one.')
      .addHelpText('after', '\nExample:\n  ringfence member invitations --json'),
    invitations,
  );
  bind(
    member
      .command('grant')
      .summary('give a key a role')
      .description(
        'Gives a key a role; the key of a new member is its id. A seat among the stewards becomes a ' +
          'proposal, which more than half of the stewards must approve.',
      )
      .argument('<key>', 'did:key of the member')
      .argument('<role>', ROLES.join(', '))
      .option('--id <did>', 'the member whose further key it is')
      .option('--organisation <id>', 'id of its organisation; a new one by default')
      .addOption(
        new Option(
          '--replica <policy>',
          'what it may hold: all, eligible, none, collection:NAME or media:TYPE',
        ).default('none'),
      )
      .option('--name <name>', 'its name, kept where it can be erased')
      .addHelpText('after', '\nExample:\n  ringfence member grant did:key:z6Mk… archivist'),
    grant,
  );
  bind(
    member
      .command('revoke')
      .summary('end a member, one of its keys, or an invitation')
      .description(
        'What the member wrote so far stands, and nothing that it writes from now on. Naming an earlier ' +
          'last entry, for a stolen key, and removing a steward take a proposal.',
      )
      .argument('<id>', 'did:key of the member, or the key of an invitation')
      .option('--key <did>', 'one key only')
      .option('--last <entry...>', 'the newest of its entries that stand')
      .addHelpText('after', '\nExample:\n  ringfence member revoke did:key:z6Mk…'),
    revoke,
  );
  bind(
    member
      .command('adopt')
      .summary('make void entries stand as your own')
      .description('Adopts entries that a revocation made void; they stand as this steward’s word.')
      .argument('<entry...>', 'hashes of the entries, as doctor names them')
      .addHelpText('after', '\nExample:\n  ringfence member adopt zdpu…'),
    adopt,
  );
}

async function invitations(context: Context) {
  for (const invitation of await perform(context, listInvitations, {})) {
    const { key, role, organisation, replica, expires, state, admitted } = invitation;
    context.output.document(invitation);
    context.output.line(`${key}  ${role}  ${state}, until ${expires}`);
    context.output.line(`  organisation ${organisation}, holds ${replica}`);
    for (const one of admitted) context.output.line(`  let in ${one}`);
  }
  return EXIT.done;
}

async function list(context: Context) {
  for (const member of await perform(context, listMembers, {})) {
    const { id, name, roles, organisation, replica, keys } = member;
    context.output.document(member);
    context.output.line(`${id}  ${roles.join(', ')}  ${printable(name)}`.trimEnd());
    context.output.line(`  organisation ${organisation}, holds ${replica}`);
    for (const key of keys) if (key !== id) context.output.line(`  key ${key}`);
  }
  return EXIT.done;
}

async function grant(
  context: Context,
  key: string,
  role: string,
  options: { readonly [name in 'id' | 'organisation' | 'name']?: string } & { replica: string },
) {
  const input = typed(grantRole.input, { key, role, ...options });
  return told(context, await perform(context, grantRole, input));
}

async function revoke(
  context: Context,
  id: string,
  options: { readonly key?: string; readonly last?: readonly string[] },
) {
  const input = typed(revokeRoles.input, { id, ...options });
  return told(context, await perform(context, revokeRoles, input));
}

async function adopt(context: Context, entries: readonly string[]) {
  return told(context, await perform(context, adoptVoid, typed(adoptVoid.input, { entries })));
}

/** Reads what was typed by the schema of the operation. @throws {ArchiveError} `usage_invalid`. */
export function typed<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new ArchiveError('usage_invalid', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** Prints what a verb of governance has done. */
export function told({ output }: Context, ruled: Ruled) {
  output.document(ruled);
  if ('entry' in ruled) output.line(`Recorded in entry ${ruled.entry}`);
  else {
    const { proposal, status, yes, needed } = ruled;
    const votes = status === 'open' ? `: ${yes} of ${needed} stewards approved` : '';
    output.line(`Proposal ${printable(proposal)} is ${status}${votes}`);
  }
  return EXIT.done;
}
