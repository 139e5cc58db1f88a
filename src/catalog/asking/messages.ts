import type { ErrorCode } from '../../core/errors.ts';
import type { NamedPolicy } from '../../core/policy/documents.ts';
import type { LongQuestion } from './long-questions.ts';

/** What the thread is told. It is asked one question at a time. */
export type ToThread =
  | {
      readonly is: 'question';
      readonly question: LongQuestion;
      /** In force when it is asked. */
      readonly policies: readonly NamedPolicy[];
    }
  /** Nobody waits for the answer any more. */
  | { readonly is: 'stop' }
  /** Another file has the name, or is about to: what is open is to be closed. */
  | { readonly is: 'close' };

/** What it answers to each question, once. */
export type FromThread =
  | { readonly is: 'answer'; readonly answer: unknown }
  | {
      readonly is: 'failure';
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryable: boolean;
    }
  /** Of the program. */
  | { readonly is: 'defect'; readonly error: unknown };
