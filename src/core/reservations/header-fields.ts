import type { Purpose } from '../policy/purposes.ts';

/**
 * Returns the header fields that say for which uses a work is reserved: TDMRep (W3C Community Group report
 * of 10 May 2024), IETF AI Preferences (draft-ietf-aipref-vocab-08, -attach-05) and Cloudflare's Content
 * Signals. A word for several uses allows them only if all are allowed.
 */
export function reservationFields(
  allowed: ReadonlySet<Purpose>,
): Readonly<Record<'TDM-Reservation' | 'Content-Usage' | 'Content-Signal', string>> {
  const isTraining = allowed.has('ai_generative_training') && allowed.has('ai_training');
  const isMining = isTraining && allowed.has('data_mining');
  const isSearch = allowed.has('search_index');
  const isTrainAi = allowed.has('ai_generative_training');
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  const y = (is: boolean) => (is ? 'y' : 'n');
  const input = yes(allowed.has('ai_inference'));
  return {
    'TDM-Reservation': isMining ? '0' : '1',
    'Content-Usage': `train-ai=${y(isTrainAi)}, search=${y(isSearch)}`,
    'Content-Signal': `search=${yes(isSearch)}, ai-input=${input}, ai-train=${yes(isTraining)}`,
  };
}
