import { ArchiveError } from '../../core/errors.ts';
import {
  addressTest,
  isLoopback,
  type ListenAddress,
  parseListenAddress,
} from './listen-address.ts';

/** Files in PEM: the certificate with those that it rests on, and its key. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Where a node answers over HTTP, and through what requests come. */
export interface Exposure extends ListenAddress {
  readonly tls: TlsFiles | undefined;
  /** Says whether an address is a proxy's, whose word on where a request comes from is taken. */
  readonly isProxy: (address: string) => boolean;
  /** How people reach it: `https://archive.example`. */
  readonly publicUrl: string | undefined;
}

/** What settings say of it. */
export interface ExposureSettings {
  readonly listen: string;
  readonly tls: { readonly cert?: string; readonly key?: string };
  readonly behindProxy: readonly string[];
  readonly publicUrl?: string;
}

/**
 * Reads where to listen. An address that other machines reach takes TLS, or proxies that do it: else
 * tokens, and what they open, would be read on the way.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export function parseExposure(settings: ExposureSettings): Exposure {
  const address = parseListenAddress(settings.listen);
  const isProxy = addressTest(settings.behindProxy);
  if (isProxy === undefined) {
    throw invalid('behindProxy takes addresses, and ranges such as 10.0.0.0/8');
  }
  const tls = tlsOf(settings.tls);
  if (!isLoopback(address.host) && tls === undefined && settings.behindProxy.length === 0) {
    throw invalid(
      `${settings.listen} is not on loopback: others would read on the way what is sent; say tls.cert and ` +
        'tls.key in ringfence.json, or in behindProxy the addresses of the proxies that do TLS, or listen on 127.0.0.1',
    );
  }
  return { ...address, tls, isProxy, publicUrl: originOf(settings.publicUrl) };
}

function tlsOf({ cert, key }: ExposureSettings['tls']): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw invalid('TLS takes both a certificate and its key: tls.cert and tls.key');
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url.origin;
  throw invalid(
    `publicUrl is to be https and a name, such as https://archive.example, not ${text}`,
  );
}

function invalid(text: string): ArchiveError {
  return new ArchiveError('usage_invalid', text);
}
