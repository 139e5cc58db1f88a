import type { NamedCredentialList } from '../../core/policy/credential-list.ts';

/** Names by which the validator says in which list it found a certificate. */
const SIGNERS = 'ringfence:signers';
const TIMESTAMPERS = 'ringfence:timestampers';

const DECOMPRESSED_MIB = 64;

/**
 * Returns the settings of c2pa-rs under which a file is validated: its own anchors, and nothing that
 * could make it ask a network. (By default a file makes the reader fetch its manifest, a revocation
 * answer, or the document of an identity; only the empty list of hosts stops all of them.)
 */
export function validatorSettings(trust: NamedCredentialList | undefined): string {
  const { signers, timestampers, usages } = trust?.list ?? {
    signers: [],
    timestampers: [],
    usages: [],
  };
  const config = usages.length === 0 ? {} : { trust_config: usages.join('\n') };
  const anchors = [
    ...anchorsOf('manifest', SIGNERS, signers).map((list) => ({ ...list, ...config })),
    ...anchorsOf('tsa', TIMESTAMPERS, timestampers),
  ];
  return JSON.stringify({
    trust: anchors.length === 0 ? {} : { anchors },
    verify: { remote_manifest_fetch: false, ocsp_fetch: false },
    core: { allowed_network_hosts: [], max_decompressed_manifest_size_in_mb: DECOMPRESSED_MIB },
  });
}

/** Says whether an explanation names the list of signers: the validator does not tell lists apart. */
export function isFoundInSigners(explanation: string): boolean {
  return explanation.includes(`[${SIGNERS}]`);
}

function anchorsOf(kind: 'manifest' | 'tsa', uri: string, certificates: readonly string[]) {
  if (certificates.length === 0) return [];
  return [{ trust_anchors: certificates.map(toPem).join('\n'), trust_kind: kind, trust_uri: uri }];
}

/** RFC 7468: lines of 64 characters. */
function toPem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}
