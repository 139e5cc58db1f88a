/**
 * The scheme of an address that names a host itself, and that host (its first group): so requests are sent
 * to a proxy, and may be sent to anybody (RFC 9112 §3.2.2).
 */
export const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;
