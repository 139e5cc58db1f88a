import type { ReactNode } from 'react';
import type { Asset } from '../api/queries.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { TEXT } from '../text/english.ts';
import { sizeText, timeText } from '../text/figures.ts';
import { kindName } from '../text/kind-name.ts';

const words = TEXT.asset;

/** What is known of a work, in the words of whoever deposited it. */
export function Facts({ asset }: { readonly asset: Asset }): ReactNode {
  return (
    <dl className="facts">
      <dt>{words.makers}</dt>
      <dd>
        <bdi>{asset.creators.join(', ') || words.noMakers}</bdi>
      </dd>
      <dt>{words.licence}</dt>
      <dd>{asset.licence ?? words.noLicence}</dd>
      <dt>{words.format}</dt>
      <dd>{kindText(asset.mediaType)}</dd>
      <dt>{words.size}</dt>
      <dd>{sizeText(asset.size)}</dd>
      {asset.deposits.map(({ id, at, filename, dateText, notes, tags, source }) => (
        <Deposit key={id} {...{ at, filename, dateText, notes, tags, source }} />
      ))}
      <dt>{words.cid}</dt>
      <dd>
        <CopyText text={asset.cid} label={words.cid} />
      </dd>
      <dt>{words.sha256}</dt>
      <dd>
        <CopyText text={asset.sha256} label={words.sha256} />
      </dd>
    </dl>
  );
}

/** What people call it, and what programs do. */
function kindText(mediaType: string): string {
  const name = kindName(mediaType);
  return name === mediaType ? name : `${name} (${mediaType})`;
}

type AboutDeposit = Pick<
  Asset['deposits'][number],
  'at' | 'filename' | 'dateText' | 'notes' | 'tags' | 'source'
>;

function Deposit({ at, filename, dateText, notes, tags, source }: AboutDeposit): ReactNode {
  const told = [
    [words.made, dateText],
    [words.notes, notes],
    [words.tags, tags.join(', ')],
    [words.source, source],
    [words.filename, filename],
  ].filter(([, text]) => text !== '');
  return (
    <>
      <dt>{words.deposited}</dt>
      <dd>
        <time dateTime={at}>{timeText(at)}</time>
      </dd>
      {told.map(([name, text]) => (
        <Named key={name} name={name ?? ''} text={text ?? ''} />
      ))}
    </>
  );
}

function Named({ name, text }: { readonly name: string; readonly text: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{text}</bdi>
      </dd>
    </>
  );
}
