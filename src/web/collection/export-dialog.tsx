import { type ReactNode, useEffect, useRef, useState } from 'react';
import { saveText } from '../parts/save-text.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { readAll, toCsv } from './metadata-file.ts';
import { ShownWindow } from './shown-window.tsx';

const words = TEXT.collection.bulk;

type Format = 'csv' | 'json';

/** Gathers what is known of each asset, as far as whoever looks may read it, and saves it as one file. */
export function ExportDialog({
  cids,
  onClose,
}: {
  readonly cids: readonly string[];
  readonly onClose: (text: string, isDone: boolean) => void;
}): ReactNode {
  const [meant] = useState(cids);
  const [course, setCourse] = useState<{
    readonly done: number;
    readonly missing: readonly string[];
    readonly isRunning: boolean;
  }>();
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const go = async (format: Format) => {
    const controller = new AbortController();
    stopping.current = controller;
    setCourse({ done: 0, missing: [], isRunning: true });
    const onDone = () => setCourse((now) => now && { ...now, done: now.done + 1 });
    const onMissing = (cid: string) =>
      setCourse((now) => now && { ...now, missing: [...now.missing, cid] });
    try {
      const found = await readAll(meant, onDone, onMissing, controller.signal);
      if (format === 'csv') saveText('assets.csv', toCsv(found), 'text/csv;charset=utf-8');
      else saveText('assets.json', `${JSON.stringify(found, null, 2)}\n`, 'application/json');
      setCourse((now) => now && { ...now, isRunning: false });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      setCourse(undefined);
    }
  };
  const close = () => {
    if (course?.isRunning) stopping.current?.abort();
    else onClose('', false);
  };
  return (
    <ShownWindow label={words.export.title(countText(meant.length))} onClose={close}>
      <p>{words.export.text}</p>
      {course !== undefined && (
        <>
          <progress
            value={course.done + course.missing.length}
            max={meant.length}
            aria-label={words.progress}
          />
          <p role="status">
            {words.export.done(countText(course.done), countText(meant.length))}
            {!course.isRunning &&
              course.missing.length > 0 &&
              ` ${words.export.missing(countText(course.missing.length))}`}
          </p>
        </>
      )}
      <p className="bulk-buttons">
        <button type="button" className="control" onClick={close}>
          {course?.isRunning ? words.stop : words.close}
        </button>
        {(['json', 'csv'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className="control bulk-confirm"
            disabled={course?.isRunning}
            onClick={() => void go(format)}
          >
            {words.export.formats[format]}
          </button>
        ))}
      </p>
    </ShownWindow>
  );
}
