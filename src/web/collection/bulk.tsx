import './bulk.css';
import { type ReactNode, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { ActDialog } from './act-dialog.tsx';
import type { Act } from './bulk-acts.ts';
import { ExportDialog } from './export-dialog.tsx';
import type { Selection } from './use-selection.ts';

const words = TEXT.collection.bulk;

/** In the order in which they stand beside each other: what is done often first, what is undone by nobody last. */
const ACTS = ['add', 'declare', 'render', 'hold', 'flag', 'remove'] as const satisfies Act['is'][];

/** What can be done with the assets that are picked out. */
export function Bulk({ selection }: { readonly selection: Selection }): ReactNode {
  const identity = useIdentity();
  const { cids, clear, isGathering, note } = selection;
  const [told, setTold] = useState({ text: '', of: cids });
  const [open, setOpen] = useState<Act['is'] | 'export'>();
  const isAny = cids.length > 0;
  // Of what was done it is told until others are picked out.
  const said = isAny && told.of !== cids ? '' : told.text;
  const setSaid = (text: string) => setTold({ text, of: cids });
  const copy = () =>
    void navigator.clipboard.writeText(cids.join('\n')).then(
      () => setSaid(words.copied),
      () => setSaid(words.notCopied),
    );
  const close = (text: string, isDone: boolean) => {
    setOpen(undefined);
    setSaid(text);
    if (isDone) clear();
  };
  return (
    <section
      className="bulk"
      aria-label={words.title}
      hidden={!isAny && said === '' && note === '' && open === undefined}
    >
      <p role="status">
        {isAny && words.selected(countText(cids.length))} {note} {said}
      </p>
      {isAny && (
        <div className="bulk-acts">
          <button type="button" className="control" disabled={isGathering} onClick={copy}>
            {words.copy}
          </button>
          <button
            type="button"
            className="control"
            disabled={isGathering}
            onClick={() => setOpen('export')}
          >
            {words.export.label}
          </button>
          {/* Whoever is signed in here owns the node, and may do all of it. */}
          {identity &&
            ACTS.map((act) => (
              <button
                key={act}
                type="button"
                className="control"
                disabled={isGathering}
                onClick={() => setOpen(act)}
              >
                {words.acts[act].label}
              </button>
            ))}
        </div>
      )}
      <button
        type="button"
        className="control"
        onClick={() => {
          clear();
          setSaid('');
        }}
      >
        {words.clear}
      </button>
      {open === 'export' && <ExportDialog cids={cids} onClose={close} />}
      {open !== undefined && open !== 'export' && (
        <ActDialog key={open} is={open} cids={cids} onClose={close} />
      )}
    </section>
  );
}
