import type { Finding } from '../core/ports/inspector.ts';
import type { Inspector, UnreadableReason } from './inspector.ts';
import { RawTexts } from './raw-texts.ts';

/** A finding that says why an inspector has no answer. It counts as not run. */
export function unreadable(
  inspector: Pick<Inspector, 'name' | 'version' | 'whenUnreadable'>,
  reason: UnreadableReason,
  explanation: string,
): Finding {
  const raw = new RawTexts();
  raw.add('inspector', explanation.slice(0, 500));
  return {
    inspector: inspector.name,
    version: inspector.version,
    outcome: 'unreadable',
    facts: { reason, ...inspector.whenUnreadable },
    raw: raw.all,
  };
}
