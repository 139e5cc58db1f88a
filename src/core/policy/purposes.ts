/** The uses a verdict can be asked for, after CAWG Training and Data Mining 1.1, with search added. */
export const PURPOSES = [
  'ai_generative_training',
  'ai_training',
  'ai_inference',
  'data_mining',
  'search_index',
] as const;

export type Purpose = (typeof PURPOSES)[number];

export const DEFAULT_PURPOSE: Purpose = 'ai_generative_training';

export function isPurpose(text: string): text is Purpose {
  return (PURPOSES as readonly string[]).includes(text);
}

/**
 * Who asks: `anyone`, `members`, `research-organisation`, or `organisation:ID`.
 * A grant to `anyone` covers every requester, a grant to a class covers that class alone.
 */
export type Requester = string;

export const DEFAULT_REQUESTER: Requester = 'anyone';

/** The form of a {@link Requester}. */
export const REQUESTER = /^(anyone|members|research-organisation|organisation:[0-9a-f]{32})$/;

export function isRequester(text: string): text is Requester {
  return REQUESTER.test(text);
}
