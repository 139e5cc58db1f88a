import { type Command, Option } from 'commander';
import { ArchiveError } from '../core/errors.ts';
import {
  DEFAULT_PURPOSE,
  DEFAULT_REQUESTER,
  isPurpose,
  isRequester,
  PURPOSES,
  type Purpose,
  type Requester,
} from '../core/policy/purposes.ts';
import { DEFAULT_POLICY } from '../core/policy/shipped.ts';
import { timestamp } from '../core/statements/fields.ts';

/** The options that say what a verdict is asked for. */
export interface QuestionOptions {
  readonly purpose?: string;
  readonly policy: string;
  readonly for: string;
  readonly at?: string;
}

export interface Question {
  readonly purpose: Purpose;
  readonly policy: string;
  readonly requester: Requester;
  /** Now, where it is missing. */
  readonly at?: string;
}

export function withQuestion(command: Command): Command {
  return withAsker(command)
    .addOption(
      new Option('--purpose <purpose>', 'what it is to be used for')
        .choices(PURPOSES)
        .default(DEFAULT_PURPOSE),
    )
    .option('--at <time>', 'the moment to decide for, as 2026-11-22T14:28:34Z (default: now)');
}

/** Only who asks and under which policy. */
export function withAsker(command: Command): Command {
  return command
    .option('--policy <name>', 'policy that decides; "policy list" shows them', DEFAULT_POLICY)
    .option(
      '--for <requester>',
      'who asks: anyone, members, research-organisation or organisation:ID',
      DEFAULT_REQUESTER,
    );
}

/** @throws {ArchiveError} `usage_invalid` naming the option that is wrong. */
export function questionOf(options: QuestionOptions): Question {
  const purpose = options.purpose ?? DEFAULT_PURPOSE;
  if (!isPurpose(purpose)) {
    throw new ArchiveError(
      'usage_invalid',
      `${JSON.stringify(purpose)} is no purpose; one of ${PURPOSES.join(', ')}`,
    );
  }
  if (!isRequester(options.for)) {
    throw new ArchiveError(
      'usage_invalid',
      `--for takes anyone, members, research-organisation or organisation:ID, not ${JSON.stringify(options.for)}`,
    );
  }
  const question = { purpose, policy: options.policy, requester: options.for };
  if (options.at === undefined) return question;
  if (timestamp.safeParse(options.at).success) return { ...question, at: options.at };
  throw new ArchiveError(
    'usage_invalid',
    `--at takes a time such as 2026-11-22T14:28:34Z, not ${JSON.stringify(options.at)}`,
  );
}
