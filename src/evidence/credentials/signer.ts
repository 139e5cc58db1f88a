import type { CredentialList } from '../../core/policy/credential-list.ts';
import { type JsonMap, type Manifest, mapAt, textAt } from './cr-json.ts';

type Product = CredentialList['products'][number];

/** Who signed a manifest, and when. Names are free text out of the file. */
export interface Signer {
  readonly organisation: string;
  readonly name: string;
  /** Of the certificate, hexadecimal; null where it is not stated so. */
  readonly serial: string | null;
  readonly signedAt: string | null;
  /** A time-stamping authority of the list in force, or of the validator's own chain, vouches for it. */
  readonly isTimeTrusted: boolean;
}

const SERIAL = /^[0-9a-f]{1,64}$/;

export function signerOf({ signature, successes }: Manifest): Signer {
  const certificate = mapAt(signature, 'certificateInfo');
  const subject = mapAt(certificate, 'subject');
  const serial = textAt(certificate, 'serialNumber');
  const stamp = mapAt(signature, 'timeStampInfo');
  return {
    organisation: textAt(subject, 'O'),
    name: textAt(subject, 'CN'),
    serial: SERIAL.test(serial) ? serial : null,
    signedAt: timeIn(stamp),
    isTimeTrusted: successes.some(
      // Of claims of the first version the validator takes every time stamp, and says that it is legacy.
      ({ code, explanation }) => code === 'timeStamp.trusted' && !/^legacy/i.test(explanation),
    ),
  };
}

/**
 * Returns the conforming product that a signer's certificate names. Of several records of one product
 * the least assured counts, and what any of them may not say.
 */
export function productOf(signer: Signer, products: readonly Product[]): Product | undefined {
  if (signer.name === '') return undefined;
  const records = products.filter(
    ({ organisation, name }) => organisation === signer.organisation && name === signer.name,
  );
  const [least] = records.toSorted((a, b) => a.level - b.level);
  if (least === undefined) return undefined;
  return {
    ...least,
    allowed: records.every(({ allowed }) => allowed),
    disallowed: [...new Set(records.flatMap(({ disallowed }) => disallowed))].sort(),
  };
}

function timeIn(stamp: JsonMap): string | null {
  const time = new Date(textAt(stamp, 'timestamp'));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
