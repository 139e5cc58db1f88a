import { z } from 'zod';
import { CANONICAL_CID } from '../../core/cid.ts';
import { DID_KEY, ENTRY_HASH } from '../../core/statements/fields.ts';

/**
 * A CID as somebody gives it. The use case reads it, and says of another text what is wrong with it
 * and how to convert it; the pattern tells whoever reads the description.
 */
export const cidText = z.string().meta({ pattern: CANONICAL_CID.source });

/** A key of Ed25519 as somebody gives it, read by the use case. */
export const didText = z.string().meta({ pattern: DID_KEY.source });

/** The hash of a ledger entry as somebody gives it, read by the use case. */
export const entryText = z.string().meta({ pattern: ENTRY_HASH.source });

/** What a node is to hold, as somebody says it, read by the use case: a collection may be called by its name. */
export const replicaText = z
  .string()
  .max(160)
  .meta({ pattern: '^(all|eligible|none|collection:.+|media:[a-z0-9*!#$&^_.+/-]{1,128})$' });

/** The name of a collection to deposit into, read by the use case. */
export const collectionText = z.string().meta({ minLength: 1, maxLength: 256 });

/** The one spelling of bytes in Base64: the bits that are left over are zero. */
const BASE64 = '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$';

/** Bytes in Base64, read by the use case. */
export const base64Text = z.string().meta({ pattern: BASE64, contentEncoding: 'base64' });
