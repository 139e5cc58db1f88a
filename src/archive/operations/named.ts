import { z } from 'zod';
import { CANONICAL_CID } from '../../core/cid.ts';

/**
 * A CID as somebody gives it. The use case reads it, and says of another text what is wrong with it
 * and how to convert it; the pattern tells whoever reads the description.
 */
export const cidText = z.string().meta({ pattern: CANONICAL_CID.source });
