import { fileTypeFromBuffer } from 'file-type';
import type { NamedCredentialList } from '../../core/policy/credential-list.ts';
import { credentialCarrier } from '../credentials/credential-carrier.ts';
import { credentialFacts } from '../credentials/credential-facts.ts';
import type { ValidatorReport } from '../credentials/validator.ts';
import { validatorSettings } from '../credentials/validator-settings.ts';
import {
  type ByteSource,
  type Inspection,
  type InspectionContext,
  type Inspector,
  Unreadable,
} from '../inspector.ts';
import { RawTexts } from '../raw-texts.ts';
import { containerOf } from '../readers/container.ts';

/**
 * Content Credentials (C2PA): whether there are any, whether they hold, who signed, and what they say.
 *
 * Looking for one costs a walk over container headers; only where there is one the validator is
 * loaded, and the file is read into memory. Nothing is fetched. What holds depends on the trust list
 * in force, which the finding names, and on the day for a certificate without a trusted time.
 */
export const credentials: Inspector = {
  name: 'credentials',
  version: 3,
  readsAll: true,
  whenUnreadable: { credential: 'unreadable', digitalSourceTypes: [], trainingMining: {} },
  inspect,
  isSpent: () => validator?.isSpent() ?? false,
};

let validator: typeof import('../credentials/validator.ts') | undefined;

async function inspect(source: ByteSource, { trust }: InspectionContext): Promise<Inspection> {
  const carrier = credentialCarrier(source);
  const absent = { digitalSourceTypes: [], trainingMining: {} };
  switch (carrier.kind) {
    case 'not-applicable':
      return { outcome: 'not-applicable', facts: { credential: 'none', ...absent }, raw: [] };
    case 'none':
      return { outcome: 'none', facts: { credential: 'none', ...absent }, raw: [] };
    case 'remote': {
      const raw = new RawTexts();
      raw.add('xmp:provenance', carrier.url);
      const facts = { credential: 'unresolvable', carrier: 'remote', ...absent };
      return { outcome: 'found', facts, raw: raw.all };
    }
    default:
      return validated(source, carrier.kind, trust);
  }
}

async function validated(
  source: ByteSource,
  carrier: 'embedded' | 'sidecar',
  trust: NamedCredentialList | undefined,
): Promise<Inspection> {
  const report = await reportOn(source, carrier, trust);
  const { facts, texts } = credentialFacts(report, carrier, trust);
  const raw = new RawTexts();
  for (const [where, text] of texts) if (text !== '') raw.add(where, text);
  raw.add('crjson', report.crJson);
  if (facts.credential !== 'unreadable') return { outcome: 'found', facts, raw: raw.all };
  return { outcome: 'unreadable', facts: { reason: 'malformed', ...facts }, raw: raw.all };
}

async function reportOn(
  source: ByteSource,
  carrier: 'embedded' | 'sidecar',
  trust: NamedCredentialList | undefined,
): Promise<ValidatorReport> {
  const mediaType = carrier === 'sidecar' ? 'application/c2pa' : await mediaTypeOf(source);
  validator ??= await import('../credentials/validator.ts');
  if (source.size > validator.LARGEST_INPUT) {
    throw new Unreadable('limit', `a credential in a file of ${source.size} bytes`);
  }
  const bytes = new Uint8Array(source.size);
  source.readInto(0, bytes);
  try {
    return await validator.validate(mediaType, bytes, validatorSettings(trust));
  } catch (error) {
    if (!(error instanceof validator.ValidatorRefusal)) throw error;
    throw new Unreadable('malformed', error.message, { cause: error });
  }
}

/** The type as the validator calls it; it reads AVIF and HEIF, MP3, FLAC and others by that. */
async function mediaTypeOf(source: ByteSource): Promise<string> {
  if (containerOf(source) === 'svg') return 'image/svg+xml';
  const type = await fileTypeFromBuffer(source.head);
  return type?.mime.replace(/;.*$/, '') ?? 'application/octet-stream';
}
