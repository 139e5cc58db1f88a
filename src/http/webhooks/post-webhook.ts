import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ArchiveError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/environment.ts';
import type { PostWebhook, Webhook } from '../../core/ports/webhooks.ts';
import { isGlobalAddress } from './global-address.ts';
import { signedHeaders } from './sign-message.ts';

/** A receiver has so long to answer. */
const ANSWER_MS = 15_000;

/**
 * Returns what sends messages to webhooks: signed, to addresses of the public internet over TLS unless
 * the webhook allows others. A name is resolved anew each time, and what is called is what was looked
 * at. Redirections are not followed, and of an answer only its status is read.
 */
export function webhookPoster(clock: Clock): PostWebhook {
  return async (webhook, message, signal) => {
    const url = allowedUrl(webhook.url, webhook);
    const headers = signedHeaders(webhook, message, Math.floor(clock() / 1000));
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(message.body),
        'user-agent': 'Ringfence',
      },
      lookup: allowedLookup(webhook),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    };
    const status = await statusOf(url, options, message.body).catch((cause: unknown) => {
      throw toArchiveError(cause, webhook, signal);
    });
    if (status === 410) return 'gone';
    if (status >= 200 && status < 300) return 'taken';
    throw new ArchiveError('peer_refused', `${url.origin} answered with ${status}`);
  };
}

/**
 * Reads the address of a webhook.
 *
 * @throws {ArchiveError} `peer_refused` for one that may not be called: no http(s) address, one with a
 * name and password, or a private one where these are not allowed.
 */
export function allowedUrl(text: string, webhook: Pick<Webhook, 'allowPrivate'>): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    throw refused(`${JSON.stringify(text)} is no https address`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('an address with a name and password in it is not called');
  }
  if (webhook.allowPrivate) return url;
  if (url.protocol === 'http:') throw refused(`${url.origin} has no TLS`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) refusePrivate([host], url.hostname);
  return url;
}

function allowedLookup({ allowPrivate }: Webhook): LookupFunction {
  return (hostname, options, answer) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return answer(error, []);
      try {
        if (!allowPrivate)
          refusePrivate(
            found.map(({ address }) => address),
            hostname,
          );
      } catch (cause) {
        return answer(cause as NodeJS.ErrnoException, []);
      }
      if (options.all === true) return answer(null, found);
      const [first] = found as [LookupAddress];
      return answer(null, first.address, first.family);
    });
  };
}

/** One private address among several is enough: which of them is called is not ours to say. */
function refusePrivate(addresses: readonly string[], name: string): void {
  const bad = addresses.find((address) => !isGlobalAddress(address));
  if (bad === undefined && addresses.length > 0) return;
  throw refused(`${name} is ${bad ?? 'nowhere'}, which is not of the public internet`);
}

function refused(text: string): ArchiveError {
  return new ArchiveError('peer_refused', `${text}; such a webhook needs --allow-private`);
}

function statusOf(url: URL, options: RequestOptions, body: string): Promise<number> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer: IncomingMessage) => {
      resolve(answer.statusCode ?? 0);
      answer.on('error', () => undefined);
      answer.destroy();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function toArchiveError(cause: unknown, webhook: Webhook, signal: AbortSignal): ArchiveError {
  if (cause instanceof ArchiveError) return cause;
  if (signal.aborted) return new ArchiveError('aborted', 'the node is stopping', { cause });
  const { host } = new URL(webhook.url);
  if (cause instanceof Error && cause.name === 'AbortError') {
    const text = `${host} did not answer in ${ANSWER_MS / 1000} s`;
    return new ArchiveError('peer_timeout', text, { cause, retryable: true });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ArchiveError('peer_unreachable', `${host}: ${why}`, { cause, retryable: true });
}
