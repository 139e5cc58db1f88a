import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { ROLES } from '../../core/statements/governance-kinds.ts';
import { replicaNamed } from '../copies/replica-named.ts';
import { invite } from '../governing/invite.ts';
import { revokeMember } from '../governing/members.ts';
import { logLevel } from '../log-level.ts';
import { memberName } from '../member-name.ts';
import { timestampOf } from '../now.ts';
import { organisationNamed } from '../organisation-named.ts';
import { ruled } from './answers/governance.ts';
import { did, moment, organisation as organisationName, statement } from './answers/names.ts';
import { invitation, peers } from './answers/peers.ts';
import { replicaText } from './named.ts';
import { createOperation } from './operation.ts';

/** Stewards are made by a proposal. */
const invitedRole = z.enum(ROLES).exclude(['steward']);

export type InvitedRole = z.output<typeof invitedRole>;

export const INVITED_ROLES: readonly InvitedRole[] = invitedRole.options;

/** Invites somebody, and gives the string that lets them in. */
export const invitePeer = createOperation({
  name: 'invite',
  opens: 'archive',
  changes: true,
  tellsSecret: true,
  input: z.strictObject({
    role: invitedRole,
    /** Id, or name of a vetted institution; null for an organisation that is new here. */
    organisation: z.string().min(1).max(256).nullable(),
    replica: replicaText,
    lifetimeMs: z.number().int().min(1_000).max(31_622_400_000),
  }),
  result: z.strictObject({
    invitation: z.string().describe('To be handed over: whoever has it can join, once'),
    id: statement.describe('By which the invitation is revoked'),
    key: did.describe('The one-time key'),
    organisation: organisationName,
    expires: moment,
  }),
  async run(archive, { role, organisation, replica, lifetimeMs }) {
    const { ledger, catalog, neighbours } = archive;
    const { addresses, networkKey } = neighbours;
    return await invite(
      {
        ...{ role, lifetimeMs, networkKey },
        replica: replicaNamed(replica, catalog),
        organisation: organisation === null ? undefined : organisationNamed(organisation, ledger),
        inviters: [{ did: ledger.self.did, addresses }],
      },
      archive,
    );
  },
});

/** Tells whom stewards have invited, and what became of it, the last to expire first. */
export const listInvitations = createOperation({
  name: 'invite.list',
  opens: 'archive',
  changes: false,
  input: z.strictObject({}),
  result: z.array(invitation),
  async run({ ledger, clock }) {
    const now = timestampOf(clock);
    return ledger
      .governance()
      .invitations.map(({ id, key, role, organisation, replica, expires, isOpen, admitted }) => {
        const told = { id, key, role, organisation, replica, expires, admitted: [...admitted] };
        if (admitted.length > 0) return { ...told, state: 'used' as const };
        if (!isOpen) return { ...told, state: 'ended' as const };
        return { ...told, state: expires <= now ? ('expired' as const) : ('open' as const) };
      })
      .sort((a, b) => (a.expires < b.expires ? 1 : -1));
  },
});

/** Says who is connected, where this node is reached, and what went wrong with whom. */
export const listPeers = createOperation({
  name: 'peers',
  opens: 'stale-archive',
  changes: false,
  input: z.strictObject({}),
  result: peers,
  async run({ ledger, feeds, neighbours }) {
    const connected = neighbours.connected().map((one) => {
      const member = ledger.memberOf(one.peer);
      return {
        ...one,
        organisation: member?.organisation ?? null,
        roles: member?.roles ?? [],
        name: member === undefined ? '' : memberName(member.id, ledger),
        level: logLevel(one.peer, { ledger, feeds }),
      };
    });
    const { addresses } = neighbours;
    const called = [...neighbours.called()];
    const [troubles, complaints] = [neighbours.troubles(), neighbours.complaints()];
    return { did: ledger.self.did, addresses, called, connected, troubles, complaints };
  },
});

const address = z.strictObject({ address: z.string().min(1).max(256) });

/** Has the home's node keep another connected, from now on. */
export const addPeer = createOperation({
  name: 'peers.add',
  opens: 'stale-archive',
  changes: true,
  input: address,
  result: address,
  async run({ neighbours }, { address }) {
    if (neighbours.addresses.includes(address)) {
      const text = `${address} is where this node itself is reached`;
      throw new ArchiveError('usage_invalid', `${text}; add the address of another here`);
    }
    await neighbours.changeCalled((called) => [...new Set([...called, address])]);
    return { address };
  },
});

/** Has the home's node call another no more. */
export const removePeer = createOperation({
  name: 'peers.remove',
  opens: 'stale-archive',
  changes: true,
  input: address,
  result: address,
  async run({ neighbours }, { address }) {
    await neighbours.changeCalled((called) => {
      if (called.includes(address)) return called.filter((one) => one !== address);
      const text = `${JSON.stringify(address)} is not among network.peers: ${called.join(', ')}`;
      throw new ArchiveError('not_found', text);
    });
    return { address };
  },
});

/** Ends this home's own membership; what it has written stands. */
export const leaveArchive = createOperation({
  name: 'leave',
  opens: 'archive',
  changes: true,
  input: z.strictObject({}),
  result: ruled,
  async run(archive) {
    const member = archive.ledger.memberOf(archive.ledger.self.did);
    if (member !== undefined) return await revokeMember({ id: member.id }, archive);
    throw new ArchiveError(
      'member_missing',
      'the key of this home is no member; there is nothing to leave',
    );
  },
});
