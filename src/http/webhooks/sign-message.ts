import { createHmac } from 'node:crypto';
import type { Webhook, WebhookMessage } from '../../core/ports/webhooks.ts';

const SECRET_PREFIX = 'whsec_';

/**
 * Returns the headers of a message as Standard Webhooks 1.0 has them: HMAC-SHA256 over id, time and
 * body, so that the receiver knows who sent it and when. `seconds` is the time since 1970.
 */
export function signedHeaders(
  { secret }: Pick<Webhook, 'secret'>,
  { id, body }: WebhookMessage,
  seconds: number,
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}
