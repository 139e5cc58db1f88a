import './downloads.css';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useBytesUrl } from '../api/asset-bytes.ts';
import { proofOf, provenanceOf } from '../api/asset-queries.ts';
import type { Asset } from '../api/queries.ts';
import { saveText } from '../parts/save-text.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { sizeText } from '../text/figures.ts';
import { Renditions } from './renditions.tsx';

const words = TEXT.asset.downloads;

/** The work to take along, and what proves what is said of it. */
export function Downloads({
  asset,
  isSignedIn,
}: {
  readonly asset: Asset;
  readonly isSignedIn: boolean;
}): ReactNode {
  const { cid, status, deposits } = asset;
  const [deposit] = deposits;
  const name = deposit?.filename.split('/').at(-1) || cid;
  const file = useBytesUrl(cid, `download=true&filename=${encodeURIComponent(name)}`);
  const car = useBytesUrl(cid, `format=car&download=true&filename=${cid}.car`);
  const proof = useMutation({
    mutationFn: async () => {
      const proven = await proofOf(cid);
      saveText(`${cid}.tlog-proof`, proven.text, 'text/plain');
      return proven;
    },
  });
  const provenance = useMutation({
    mutationFn: async () =>
      saveText(
        `${cid}.prov.json`,
        JSON.stringify(await provenanceOf(cid), null, 2),
        'application/json',
      ),
  });
  const failed = proof.error ?? provenance.error;
  return (
    <>
      <div className="downloads">
        {status !== 'removed' && (
          <>
            <a className="control" href={file} download={name}>
              {words.original} <span className="asked">{sizeText(asset.size)}</span>
            </a>
            <a className="control" href={car} download={`${cid}.car`}>
              {words.car}
            </a>
          </>
        )}
        {isSignedIn && (
          <>
            <button
              type="button"
              className="control"
              disabled={proof.isPending}
              onClick={() => proof.mutate()}
            >
              {words.proof}
            </button>
            <button
              type="button"
              className="control"
              disabled={provenance.isPending}
              onClick={() => provenance.mutate()}
            >
              {words.provenance}
            </button>
          </>
        )}
      </div>
      <p className="asked" role="status">
        {proof.data && words.proven(proof.data.entries, proof.data.confirmedBy.length)}
      </p>
      {failed && <Failure error={failed} />}
      {isSignedIn && <Renditions cid={cid} />}
    </>
  );
}
