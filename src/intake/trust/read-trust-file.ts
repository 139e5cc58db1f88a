import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { listOf } from '../../core/foreign-data.ts';
import type { CredentialList } from '../../core/policy/credential-list.ts';
import type { TrustPart } from '../../core/ports/intake.ts';

/**
 * Reads one file of what is published about who signs Content Credentials:
 *
 * - trust lists of the C2PA conformance programme as JSON (ETSI TS 119 602), of signers or of
 *   time-stamping authorities by their own name; services that are not trusted any more are left out;
 * - certificates as PEM, of signers unless `timestampers` is said;
 * - the programme's list of conforming products (JSON); those that are not `conformant` are left out;
 * - extended key usages, one OID a line, as c2patool has them;
 * - a list of this archive as `trust show credentials --json` prints it, which comes whole.
 *
 * @throws {ArchiveError} `usage_invalid` if the text is none of these, or a certificate in it is none.
 */
export function readTrustFile(text: string, purpose: 'signers' | 'timestampers'): TrustPart {
  if (text.includes('-----BEGIN CERTIFICATE-----')) return { [purpose]: pemCertificates(text) };
  const usages = keyUsages(text);
  if (usages !== undefined) return { usages };
  const data = parseJson(text);
  const published = trustList.safeParse(data);
  if (published.success) return fromTrustList(published.data.LoTE);
  const products = productList.safeParse(data);
  if (products.success) return { products: products.data.flatMap(toProduct) };
  const own = ownList.safeParse(data);
  // The rest of the list is read by its own schema before it is written.
  if (own.success) return withoutNames(own.data);
  throw wrong(
    'it is no trust list, list of products, PEM or list of key usages that is known here',
  );
}

const certificates = z.looseObject({ val: z.string() });
const service = z.looseObject({
  ServiceInformation: z.looseObject({
    ServiceDigitalIdentity: z.looseObject({ X509Certificates: z.array(certificates) }),
    ServiceStatus: z.string().optional(),
  }),
});
const trustList = z.looseObject({
  LoTE: z.looseObject({
    ListAndSchemeInformation: z.looseObject({
      SchemeName: z.array(z.looseObject({ value: z.string() })),
    }),
    TrustedEntitiesList: listOf(z.looseObject({ TrustedEntityServices: listOf(service) })),
  }),
});

const signals = z.array(z.string()).optional();
const record = z.looseObject({
  recordId: z.string(),
  status: z.string(),
  product: z.looseObject({
    productType: z.string(),
    DN: z.looseObject({ CN: z.string(), O: z.string().optional() }),
    assurance: z.looseObject({ maxAssuranceLevel: z.number().int() }).optional(),
    disallowedSignals: z.looseObject({ inception: signals, transformation: signals }).optional(),
  }),
});
const productList = listOf(record);

const ownList = z.looseObject({ type: z.literal('credentials') });

function fromTrustList(list: z.output<typeof trustList>['LoTE']): TrustPart {
  const isOfTime = list.ListAndSchemeInformation.SchemeName.some(({ value }) =>
    /\bTSA\b|time.?stamp/i.test(value),
  );
  const services = list.TrustedEntitiesList.flatMap((entity) => entity.TrustedEntityServices);
  const found = services
    .map((one) => one.ServiceInformation)
    .filter(({ ServiceStatus: status }) => status === undefined || status.endsWith('/trusted'))
    .flatMap((one) => one.ServiceDigitalIdentity.X509Certificates)
    .map(({ val }) => certificate(val));
  return { [isOfTime ? 'timestampers' : 'signers']: once(found) };
}

function toProduct({
  recordId,
  status,
  product,
}: z.output<typeof record>): CredentialList['products'] {
  if (status !== 'conformant' || product.productType !== 'generatorProduct') return [];
  const { inception = [], transformation = [] } = product.disallowedSignals ?? {};
  return [
    {
      id: recordId,
      organisation: product.DN.O ?? '',
      name: product.DN.CN,
      level: product.assurance?.maxAssuranceLevel ?? 0,
      allowed: false,
      disallowed: [
        ...inception.map((signal) => `inception:signal_${signal}`),
        ...transformation.map((signal) => `transformation:signal_${signal}`),
      ].sort(),
    },
  ];
}

function pemCertificates(text: string): readonly string[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return once([...blocks].map(([, base64 = '']) => certificate(base64)));
}

/** Returns the certificate in base64 without white space, after a look that it is one. */
function certificate(base64: string): string {
  const plain = base64.replace(/\s/g, '');
  try {
    const { raw } = new X509Certificate(Buffer.from(plain, 'base64'));
    return raw.toString('base64');
  } catch (cause) {
    throw wrong(`a certificate in it cannot be read (${plain.slice(0, 20)}…)`, cause);
  }
}

/** Lines of OIDs, with comments after `//`; undefined if anything else stands there. */
function keyUsages(text: string): string[] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !line.startsWith('//'));
  const isList = said.length > 0 && said.every((line) => /^\d+(\.\d+)+$/.test(line));
  return isList ? once(said) : undefined;
}

function withoutNames({
  type: _type,
  v: _v,
  cid: _cid,
  ...list
}: Record<string, unknown>): TrustPart {
  return list as TrustPart;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw wrong('it is neither JSON nor PEM nor a list of key usages', cause);
  }
}

function once(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}

function wrong(what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('usage_invalid', `${what}; bring a file as its publisher gives it`, {
    cause,
  });
}

/** Returns the subject of a certificate (DER in base64) in a line; empty where it cannot be read. */
export function subjectOf(text: string): string {
  try {
    const { subject } = new X509Certificate(Buffer.from(text, 'base64'));
    return subject.split('\n').join(', ');
  } catch {
    return '';
  }
}
