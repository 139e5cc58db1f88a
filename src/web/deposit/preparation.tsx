import { type ReactNode, useMemo, useState } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, sizeText } from '../text/figures.ts';
import { unreadIn } from './catalogue.ts';
import { CatalogueChoice, CataloguePreview } from './catalogue-preview.tsx';
import { deposit } from './deposit-queue.ts';
import { Leftover } from './leftover.tsx';
import { matchRows } from './match-rows.ts';
import type { Gathered } from './offered.ts';
import { sendingsOf, type Terms } from './terms.ts';
import { TermsForm } from './terms-form.tsx';
import { useCatalogue } from './use-catalogue.ts';

const words = TEXT.deposit;

/** What was offered, what its catalogue says of it, and where it goes; nothing has been sent yet. */
export function Preparation({
  gathered,
  onBegun,
}: {
  readonly gathered: Gathered;
  readonly onBegun: () => void;
}): ReactNode {
  const { candidates, chosen, map, choose, ...reading } = useCatalogue(gathered.files);
  const [isAll, setAll] = useState(false);
  const [terms, setTerms] = useState<Terms>({ collection: 'main', custody: false });
  const { catalogue } = reading;
  // What a source reserves beside a file is read by the command line alone.
  const { files, headed } = useMemo(() => withoutHeaded(gathered), [gathered]);
  const unread = useMemo(() => unreadIn(gathered.files), [gathered]);
  const match = useMemo(() => matchRows(files, catalogue), [files, catalogue]);
  const isBareWanted = isAll || catalogue === undefined;
  const sent = isBareWanted ? [...match.described, ...match.bare] : match.described;
  const bytes = sent.reduce((sum, { file }) => sum + file.size, 0);
  const begin = () => {
    deposit.begin(sendingsOf(sent, terms));
    onBegun();
  };
  return (
    <>
      <section className="step">
        <h2>{words.found(countText(gathered.files.length))}</h2>
        {candidates.length > 0 && (
          <CatalogueChoice {...{ candidates, chosen, map }} onChoose={choose} />
        )}
        {candidates.length === 0 && unread !== undefined && (
          <p role="status" dir="auto">
            {words.catalogue.unread(unread.path)}
          </p>
        )}
        {reading.isReading && <Loading />}
        {reading.isReading && reading.read > 0 && (
          <p className="soft">{words.catalogue.read(countText(reading.read))}</p>
        )}
        {reading.error && <Failure error={reading.error} />}
        {catalogue && <CataloguePreview catalogue={catalogue} />}
        {catalogue && <p role="status">{words.matched(countText(match.described.length))}</p>}
        <Leftover title={words.wrongRows} items={match.wrong} isOpen>
          {({ line, column, path, text }) => (
            <li key={`${line} ${column} ${path}`} dir="auto">
              {text}
            </li>
          )}
        </Leftover>
        <Leftover title={words.withoutFile} items={match.withoutFile}>
          {({ line, path }) => (
            <li key={`${line} ${path}`} dir="auto">
              {path}
            </li>
          )}
        </Leftover>
        {catalogue && (
          <Leftover title={words.withoutRow} items={match.bare}>
            {({ path }) => (
              <li key={path} dir="auto">
                {path}
              </li>
            )}
          </Leftover>
        )}
        <Leftover title={words.headed} items={headed} isOpen>
          {({ path }) => (
            <li key={path} dir="auto">
              {path}
            </li>
          )}
        </Leftover>
        <Leftover title={words.unreadable} items={gathered.unreadable} isOpen>
          {({ path, reason }) => (
            <li key={path} dir="auto">
              {path}: {reason}
            </li>
          )}
        </Leftover>
        {gathered.hidden > 0 && <p className="soft">{words.hidden(countText(gathered.hidden))}</p>}
        {catalogue && match.bare.length > 0 && (
          <label className="check-line">
            <input type="checkbox" checked={isAll} onChange={() => setAll(!isAll)} />
            {words.all(countText(match.bare.length))}
          </label>
        )}
        {catalogue === undefined && !reading.isReading && <p className="soft">{words.bare}</p>}
      </section>
      <TermsForm terms={terms} onChange={setTerms} />
      <p>
        <button
          type="button"
          className="control control-main"
          disabled={sent.length === 0 || reading.isReading || terms.collection.trim() === ''}
          onClick={begin}
        >
          {words.begin(countText(sent.length), sizeText(bytes))}
        </button>
      </p>
    </>
  );
}

/** Files that came with the head of a response, and all others; the heads themselves are neither. */
function withoutHeaded({ files }: Gathered) {
  const paths = new Set(files.map(({ path }) => path));
  const isHead = (path: string) =>
    path.endsWith('.headers') && paths.has(path.slice(0, -'.headers'.length));
  const hasHead = (path: string) => paths.has(`${path}.headers`);
  return {
    files: files.filter(({ path }) => !isHead(path) && !hasHead(path)),
    headed: files.filter(({ path }) => hasHead(path)),
  };
}
