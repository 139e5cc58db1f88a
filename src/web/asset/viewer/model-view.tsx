import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { beginningOf } from '../../api/asset-queries.ts';
import type { Asset } from '../../api/queries.ts';
import { Failure } from '../../parts/states.tsx';
import { TEXT } from '../../text/english.ts';
import { ModelScene } from './model-scene.ts';

const words = TEXT.asset.viewer;

const MOST = 16 * 1024 * 1024;

/** A model in three dimensions, without colours and pictures of its own. Arrows turn it, plus and minus bring it near. */
export function ModelView({ asset }: { readonly asset: Asset }): ReactNode {
  const { data, error, refetch } = useQuery(beginningOf(asset.cid, MOST));
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<ModelScene>(null);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    if (data === undefined || canvas.current === null) return;
    let isGone = false;
    const opening = ModelScene.open(canvas.current, asset.mediaType, data.bytes);
    opening.then(
      (opened) => {
        if (isGone) opened.dispose();
        else scene.current = opened;
      },
      () => {
        if (!isGone) setTrouble(words.brokenModel);
      },
    );
    return () => {
      isGone = true;
      scene.current?.dispose();
      scene.current = null;
    };
  }, [asset.mediaType, data]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (scene.current?.onKey(event.key)) event.preventDefault();
  };
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (trouble !== '' || data?.isAll === false) {
    return <p className="mat mat-type">{trouble || words.tooLarge}</p>;
  }
  return (
    <figure className="sheet">
      <canvas
        ref={canvas}
        className="model"
        tabIndex={0}
        role="img"
        aria-label={`${asset.title || TEXT.collection.noTitle}. ${words.modelKeys}`}
        onKeyDown={onKeyDown}
      />
      <figcaption className="asked">{words.modelKeys}</figcaption>
    </figure>
  );
}
