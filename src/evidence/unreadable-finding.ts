import type { Finding } from '../core/ports/inspector.ts';
import type { UnreadableReason } from './inspector.ts';
import { RawTexts } from './raw-texts.ts';

/** A finding that says why an inspector has no answer. It counts as not run. */
export function unreadable(
  inspector: { readonly name: string; readonly version: number },
  reason: UnreadableReason,
  explanation: string,
): Finding {
  const raw = new RawTexts();
  raw.add('inspector', explanation.slice(0, 500));
  return {
    inspector: inspector.name,
    version: inspector.version,
    outcome: 'unreadable',
    facts: { reason },
    raw: raw.all,
  };
}
