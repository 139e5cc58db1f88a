import { timestampOf } from '../../archive/now.ts';
import { throwIfAborted } from '../../core/abort.ts';
import type { Cid } from '../../core/cid.ts';
import { asArchiveError } from '../../core/errors.ts';
import type { BytesPermission } from '../../core/sharing/permission.ts';
import { answerChallenges } from '../../replica/challenge/answer-challenges.ts';
import { ChallengeRounds } from '../../replica/challenge/challenge-rounds.ts';
import { CHALLENGE_PROTOCOL } from '../../replica/challenge/protocol.ts';
import { Rounds } from '../../replica/rounds.ts';
import { GAP_MS, isNotThere, type PartnerParts, tellFailure } from './partner-parts.ts';

/** Has connected partners show what they hold, and shows them what this node holds. */
export function startChallenging(
  parts: PartnerParts & {
    readonly mayHave: BytesPermission;
    readonly onDamage: (asset: Cid) => void;
  },
): Rounds {
  const { archive, network, projector, log, settings, mayHave, onDamage } = parts;
  const { ledger, catalog, content, clock, randomBytes, sha256 } = archive;
  const holder = { content, sha256, onDamage, did: network.did };
  network.handle(CHALLENGE_PROTOCOL, (stream, signal) =>
    answerChallenges({ ...holder, mayHave }, stream, signal),
  );
  const { policy, renewDays } = settings;
  const challenges = new ChallengeRounds({
    ...holder,
    ...{ network, catalog, ledger, randomBytes, policy, renewDays },
    now: () => timestampOf(clock),
  });
  const rounds = new Rounds({
    everyMs: settings.challengeMs,
    gapMs: GAP_MS,
    onProblem: (error) => tellFailure(log, 'challenge', error),
    round: async (signal) => {
      if (ledger.isWaiting) return;
      for (const { peer, standing } of network.peers()) {
        if (standing !== 'member') continue;
        try {
          const { proven, lost } = await challenges.challenge(peer, signal);
          if (proven + lost > 0) projector.news();
        } catch (error) {
          throwIfAborted(signal);
          if (!isNotThere(asArchiveError(error).code)) tellFailure(log, 'challenge', error, peer);
        }
      }
    },
  });
  rounds.start();
  return rounds;
}
