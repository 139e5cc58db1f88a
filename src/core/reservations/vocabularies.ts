import type { Permissions } from '../policy/input.ts';
import { PURPOSES, type Purpose } from '../policy/purposes.ts';
import { permit, type ReservationSignal, strictest } from './signal.ts';

/**
 * What the words of each protocol mean for the five purposes. A word that a protocol does not have
 * says nothing, except where its presence alone shows that something is reserved.
 */

/**
 * TDM Reservation Protocol (W3C Community Group report of 10 May 2024): 1 reserves, 0 does not. A field that
 * was sent several times may come as one with commas.
 */
export function tdmrep(value: string): ReservationSignal | undefined {
  const words = value.split(',').map((word) => word.trim());
  const isReserved = words.includes('1');
  if (!isReserved && !words.includes('0')) return undefined;
  const mining = ['ai_generative_training', 'ai_training', 'data_mining'] as const;
  return { protocol: 'tdmrep', values: permit(isReserved ? 'deny' : 'allow', ...mining) };
}

/**
 * IETF AI Preferences, `Content-Usage` (draft-ietf-aipref-vocab-08 and -attach-05): an RFC 9651 dictionary of
 * `train-ai` and `search`, each `y` or `n`; the last of several counts. Where it cannot be read nothing
 * is known, and what is unknown is not allowed here.
 */
export function contentUsage(field: string): ReservationSignal | undefined {
  const purposes: Readonly<Record<string, Purpose>> = {
    'train-ai': 'ai_generative_training',
    search: 'search_index',
  };
  const values: { [P in Purpose]?: 'allow' | 'deny' } = {};
  for (const member of field.split(',')) {
    const match = /^\s*([a-z*][a-z0-9_.*-]*)(?:=([^;\s]+))?\s*(?:;[^,]*)?$/.exec(member);
    if (match === null) {
      return { protocol: 'aipref', values: permit('deny', ...Object.values(purposes)) };
    }
    const [, label = '', value] = match;
    const purpose = Object.hasOwn(purposes, label) ? purposes[label] : undefined;
    if (purpose === undefined) continue;
    if (value === 'n') values[purpose] = 'deny';
    else if (value === 'y') values[purpose] = 'allow';
    else delete values[purpose];
  }
  return Object.keys(values).length === 0 ? undefined : { protocol: 'aipref', values };
}

/** Cloudflare's Content Signals: `search=yes, ai-input=no, ai-train=no`; absent means neither. */
export function contentSignal(field: string): ReservationSignal | undefined {
  const purposes: Readonly<Record<string, readonly Purpose[]>> = {
    search: ['search_index'],
    'ai-input': ['ai_inference'],
    'ai-train': ['ai_generative_training', 'ai_training'],
  };
  const words = [...field.matchAll(/([a-z-]{1,32})\s{0,4}=\s{0,4}(yes|no)\b/gi)];
  const values = strictest(
    words.map(([, label = '', word = '']) =>
      permit(
        word.toLowerCase() === 'yes' ? 'allow' : 'deny',
        ...(purposes[label.toLowerCase()] ?? []),
      ),
    ),
  );
  return Object.keys(values).length === 0 ? undefined : { protocol: 'content-signal', values };
}

/** `noai` and `noimageai` among the words for robots, in pages and in `X-Robots-Tag`. */
export function noAi(words: string): ReservationSignal | undefined {
  if (!/(?:^|[\s,:])no(?:image)?ai(?:$|[\s,])/i.test(words)) return undefined;
  return { protocol: 'noai', values: permit('deny', 'ai_generative_training', 'ai_training') };
}

/** Really Simple Licensing 1.0: usages that are permitted, permitted to whoever does what the terms ask, or prohibited. */
export function rslUsage(
  kind: 'permits' | 'asks' | 'prohibits',
  usages: string,
): ReservationSignal {
  const purposes: Readonly<Record<string, readonly Purpose[]>> = {
    all: PURPOSES,
    'ai-all': ['ai_generative_training', 'ai_training', 'ai_inference'],
    'ai-train': ['ai_generative_training', 'ai_training'],
    'ai-input': ['ai_inference'],
    'ai-index': ['search_index'],
    search: ['search_index'],
  };
  const named = usages.toLowerCase().split(/[\s,]+/);
  const meant = named.flatMap((usage) => (Object.hasOwn(purposes, usage) ? purposes[usage] : []));
  const permissions = {
    permits: 'allow',
    asks: { condition: 'rsl:licence' },
    prohibits: 'deny',
  } as const;
  return {
    protocol: 'rsl',
    values: permit(permissions[kind], ...meant.filter((one) => one !== undefined)),
  };
}

/**
 * CAWG Training and Data Mining 1.1, and the older keys of C2PA. `constrained` needs a grant that names the
 * condition; a word that is none denies.
 */
export function trainingMining(entry: string, use: string): ReservationSignal | undefined {
  const name = /^(?:cawg|c2pa)\.(.+)$/.exec(entry)?.[1];
  const purpose = PURPOSES.find((one) => one === name);
  if (purpose === undefined) return undefined;
  const permission =
    use === 'allowed'
      ? 'allow'
      : use === 'constrained'
        ? { condition: 'cawg-training-mining:constrained' }
        : 'deny';
  return { protocol: 'cawg-training-mining', values: permit(permission, purpose) };
}

const TRAINING = ['ai_generative_training', 'ai_training'] as const;

/** PLUS Data Mining (LDF 2023, `plus:DataMining`), by the last part of the address or code. */
const PLUS: Readonly<Record<string, Permissions>> = {
  'DMI-ALLOWED': permit('allow', ...PURPOSES),
  'DMI-PROHIBITED-AIMLTRAINING': permit('deny', ...TRAINING),
  'DMI-PROHIBITED-GENAIMLTRAINING': permit('deny', 'ai_generative_training'),
  'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING': {
    ...permit('deny', ...PURPOSES),
    search_index: 'allow',
  },
  'DMI-PROHIBITED': permit('deny', ...PURPOSES),
};

/** Everything else that begins with `DMI-PROHIBITED` refers to a text that only people can read. */
export function plusDataMining(value: string): ReservationSignal | undefined {
  const code = /(DMI-[A-Z-]+)\s*$/.exec(value.toUpperCase())?.[1];
  if (code === undefined || code === 'DMI-UNSPECIFIED') return undefined;
  const known = Object.hasOwn(PLUS, code) ? PLUS[code] : undefined;
  const values = known ?? permit({ condition: `plus:${code}` }, ...PURPOSES);
  return { protocol: 'plus-data-mining', values };
}
