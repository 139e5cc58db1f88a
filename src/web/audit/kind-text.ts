import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';

const words = { ...TEXT.asset.statements.kinds, ...TEXT.audit.kinds };

/** Returns what a statement of a kind did, with how often where it is several times. */
export function kindText(kind: string, count = 1): string {
  const name = words[kind] ?? TEXT.asset.statements.unknownKind(kind);
  return count === 1 ? name : `${name} × ${countText(count)}`;
}
