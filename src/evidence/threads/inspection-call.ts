import type { Finding, InspectionRequest } from '../../core/ports/inspector.ts';
import type { InspectorIdentity, UnreadableReason } from '../inspector.ts';
import { unreadable } from '../unreadable-finding.ts';

/** If these bytes are not the asset, then what other inspectors saw in them says nothing either. */
const ABOUT_THE_WHOLE_ASSET: ReadonlySet<unknown> = new Set<UnreadableReason>([
  'bytes-missing',
  'bytes-do-not-match',
]);

/** One call of `inspect`: its assets, the findings that have come in, and the promise to settle. */
export class InspectionCall {
  readonly requests: readonly InspectionRequest[];
  readonly result: Promise<readonly (readonly Finding[])[]>;
  readonly #inspectors: readonly InspectorIdentity[];
  readonly #wanted: ReadonlySet<string>;
  readonly #findings: (Finding | undefined)[];
  readonly #settle = Promise.withResolvers<readonly (readonly Finding[])[]>();
  #missing: number;
  #next = 0;
  #isSettled = false;

  /** Without `names`, all of the inspectors are wanted. */
  constructor(
    requests: readonly InspectionRequest[],
    inspectors: readonly InspectorIdentity[],
    names: readonly string[] = inspectors.map(({ name }) => name),
  ) {
    this.requests = requests;
    this.#inspectors = inspectors;
    this.#wanted = new Set(names);
    const wanted = inspectors.filter((_, place) => this.isWanted(place));
    this.#missing = requests.length * wanted.length;
    this.#findings = new Array(requests.length * inspectors.length).fill(undefined);
    this.result = this.#settle.promise;
    if (this.#missing === 0) this.#finish();
  }

  /** True once the promise is resolved or rejected: what still comes in is of no use. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Says whether the inspector at this place of the list is asked. */
  isWanted(place: number): boolean {
    return this.#wanted.has(this.#inspectors[place]?.name ?? '');
  }

  /** How many assets have not been taken yet. */
  get untaken(): number {
    return this.requests.length - this.#next;
  }

  /** Returns the place of the next asset that nobody has taken, or undefined if there is none. */
  take(): number | undefined {
    if (this.#next === this.requests.length) return undefined;
    this.#next += 1;
    return this.#next - 1;
  }

  setFinding(request: number, inspector: number, finding: Finding): void {
    const place = request * this.#inspectors.length + inspector;
    if (this.#findings[place] === undefined) this.#missing -= 1;
    this.#findings[place] = finding;
    if (this.#missing === 0) this.#finish();
  }

  setUnreadable(request: number, inspector: number, reason: UnreadableReason, why: string): void {
    const named = this.#inspectors[inspector];
    if (named !== undefined) this.setFinding(request, inspector, unreadable(named, reason, why));
  }

  reject(error: Error): void {
    this.#isSettled = true;
    this.#settle.reject(error);
  }

  #finish(): void {
    this.#isSettled = true;
    this.#settle.resolve(this.requests.map((_, request) => this.#findingsOf(request)));
  }

  #findingsOf(request: number): readonly Finding[] {
    const count = this.#inspectors.length;
    const findings = this.#findings
      .slice(request * count, (request + 1) * count)
      .filter((finding) => finding !== undefined);
    const damage = findings.find((finding) => ABOUT_THE_WHOLE_ASSET.has(finding.facts['reason']));
    if (damage === undefined) return findings;
    return findings.map((finding) => ({
      ...damage,
      inspector: finding.inspector,
      version: finding.version,
      facts: {
        ...this.#identityOf(finding)?.whenUnreadable,
        reason: damage.facts['reason'] ?? null,
      },
    }));
  }

  #identityOf({ inspector }: Finding): InspectorIdentity | undefined {
    return this.#inspectors.find(({ name }) => name === inspector);
  }
}
