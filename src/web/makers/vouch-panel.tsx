import type { ReactNode } from 'react';
import { CopyText } from '../parts/copy-text.tsx';
import { TEXT } from '../text/english.ts';
import type { MakerKey } from './maker-key.ts';

const words = TEXT.makers.sign;

/** Says what a steward has to see first, with what to send. */
export function VouchPanel({
  by: { key },
  assets,
  isLooking,
  onLook,
}: {
  readonly by: MakerKey;
  readonly assets: readonly string[];
  readonly isLooking: boolean;
  readonly onLook: () => void;
}): ReactNode {
  const text = words.vouchText(key, assets.join(', '));
  return (
    <section className="maker-section">
      <h2>{words.vouchTitle}</h2>
      <p>{words.vouchWhat}</p>
      <div className="kept">
        <CopyText text={text} label={words.vouchLabel} />
      </div>
      <span className="actions">
        {'share' in navigator && (
          // Whoever closes the list of where to send has changed their mind.
          <button
            type="button"
            className="control"
            onClick={() => void navigator.share({ text }).catch(() => {})}
          >
            {words.share}
          </button>
        )}
        <button type="button" className="control primary" disabled={isLooking} onClick={onLook}>
          {words.again}
        </button>
      </span>
    </section>
  );
}
