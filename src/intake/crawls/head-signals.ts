import { signalsInFields } from '../../core/reservations/read-signals.ts';
import { rslElsewhere } from '../../core/reservations/rsl.ts';
import type { SourceSignal } from '../../core/reservations/signal.ts';
import type { HttpHead } from './http-response.ts';

/**
 * Returns what a response reserves in its head. RSL terms that it links are a condition, unless they are
 * among those that `isAtHand`.
 */
export function signalsInHead(
  head: HttpHead,
  said: { readonly where: string; readonly at: string },
  isAtHand: (address: string) => boolean = () => false,
): readonly SourceSignal[] {
  const linked = licencesLinked(head).filter((address) => !isAtHand(address));
  return [
    ...signalsInFields(head.fields).map((signal) => ({ ...signal, ...said })),
    ...linked.map((address) => ({ ...rslElsewhere(), ...said, text: `Link: <${address}>` })),
  ];
}

/** `Link: <address>; rel="license"; type="application/rsl+xml"` (RSL 1.0). */
function licencesLinked({ fields }: HttpHead): readonly string[] {
  return fields
    .filter(([name]) => name.toLowerCase() === 'link')
    .flatMap(([, value]) => [...value.matchAll(/<([^<>]{1,2000})>([^<>]{0,500})/g)])
    .filter(
      ([, , parameters = '']) => /\blicense\b/i.test(parameters) && /rsl\+xml/i.test(parameters),
    )
    .map(([, address = '']) => address);
}
