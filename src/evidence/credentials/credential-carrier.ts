import type { ByteSource } from '../inspector.ts';
import { toBuffer } from '../readers/bytes.ts';
import { type Container, containerOf } from '../readers/container.ts';
import { metadataOf } from '../readers/metadata.ts';
import { decodeXml } from '../readers/text-encoding.ts';
import { xmlValues } from '../readers/xml-values.ts';
import { Shortfalls } from '../shortfalls.ts';

/** Where the credential of a file is. */
export type CredentialCarrier =
  | { readonly kind: 'not-applicable' | 'none' }
  /** In the file; or the file is nothing but a manifest store. */
  | { readonly kind: 'embedded' | 'sidecar' }
  /** Elsewhere, at an address that is kept and never asked. */
  | { readonly kind: 'remote'; readonly url: string };

/** Property of XMP by which a file names its manifest (C2PA 2.2, 11.5). */
const PROVENANCE = 'provenance';

/**
 * Says where the credential of a file is, without validating anything: container headers and XMP
 * packets are looked at, and nothing is loaded for it.
 *
 * @throws {Unreadable} if the container breaks off before a credential was found.
 */
export function credentialCarrier(source: ByteSource): CredentialCarrier {
  if (isStore(source)) return { kind: 'sidecar' };
  const container = containerOf(source);
  if (container === 'other') return { kind: 'not-applicable' };
  return carrierIn(source, container);
}

function carrierIn(source: ByteSource, container: Container): CredentialCarrier {
  const shortfalls = new Shortfalls();
  let url: string | undefined;
  let isEmbedded = false;
  shortfalls.attempt(() => {
    for (const block of metadataOf(source, container)) {
      if (block.kind === 'c2pa') {
        isEmbedded = true;
        return;
      }
      if (block.kind === 'xmp') shortfalls.attempt(() => (url ??= remoteUrlIn(block.bytes())));
    }
  });
  if (isEmbedded) return { kind: 'embedded' };
  if (url !== undefined) return { kind: 'remote', url };
  shortfalls.throwIfAny();
  return { kind: 'none' };
}

function isStore({ head }: ByteSource): boolean {
  const bytes = toBuffer(head);
  return (
    bytes.toString('latin1', 4, 8) === 'jumb' && bytes.toString('latin1', 12, 20) === 'jumdc2pa'
  );
}

function remoteUrlIn(xmp: Uint8Array): string | undefined {
  if (!toBuffer(xmp).includes(PROVENANCE)) return undefined;
  for (const { name, value } of xmlValues(decodeXml(xmp))) {
    if (name === PROVENANCE && /^https?:/i.test(value)) return value;
  }
  return undefined;
}
