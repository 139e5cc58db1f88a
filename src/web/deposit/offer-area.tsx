import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { entriesIn, type Gathered, gather } from './offered.ts';

const words = TEXT.deposit;

/** Where files and folders are dropped, or chosen by whoever does not drag. */
export function OfferArea({
  isSmall,
  onGathered,
}: {
  readonly isSmall: boolean;
  readonly onGathered: (gathered: Gathered) => void;
}) {
  const [isOver, setOver] = useState(false);
  const [found, setFound] = useState<number>();
  const take = async (entries: Iterable<FileSystemEntry | File>) => {
    setFound(0);
    onGathered(await gather(entries, setFound));
    setFound(undefined);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(entriesIn(event.dataTransfer));
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same without a mouse
    <div
      className={`offer ${isSmall ? 'offer-small' : ''} ${isOver ? 'offer-over' : ''}`}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className="offer-title">{words.drop}</p>
      <p className="offer-more">{words.dropMore}</p>
      <div className="offer-buttons">
        <Chooser label={words.chooseFolder} isFolder onChosen={(files) => void take(files)} />
        <Chooser label={words.chooseFiles} onChosen={(files) => void take(files)} />
      </div>
      <p role="status" className="offer-more">
        {found === undefined ? '' : words.looking(countText(found))}
      </p>
    </div>
  );
}

function Chooser({
  label,
  isFolder = false,
  onChosen,
}: {
  readonly label: string;
  readonly isFolder?: boolean;
  readonly onChosen: (files: readonly File[]) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="control" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...(isFolder ? { webkitdirectory: '' } : {})}
        onChange={({ target }) => {
          onChosen([...(target.files ?? [])]);
          // The same folder can be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}
