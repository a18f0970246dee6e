import type { Id } from '../../kernel/index.ts';
import type { Asking } from './control.ts';
import { type Enforced, kindOf } from './kinds/registry.ts';
import { isReleased } from './release.ts';
import type { Snapshot } from './snapshot.ts';
import { denial, enforceable, type HoldInForce, inOrder, type Verdict, Verdicts } from './verdict.ts';

/** A snapshot made ready for the request path. Never changed, replaced as a whole. */
export interface Compiled {
  readonly generation: number;
  readonly epoch: number;
  /** Given back, as this very object, whenever nothing applies. */
  readonly allow: Verdict;
  /** Holds of a kind this version does not know, whether or not a superset stands in for them. */
  readonly unsupported: readonly Id<'hld'>[];
  /** Same answer as `verdictFor`. Allocates only where something other than a refusal applies. */
  check(system: string, request: Asking): Verdict;
}

interface Rule {
  readonly hold: HoldInForce;
  readonly control: Enforced;
  readonly kind: ReturnType<typeof kindOf>;
  readonly denied: Verdict;
}

interface SystemRules {
  /** Rules without a feature. */
  readonly wide: readonly Rule[];
  /** Rules of a feature and the wide ones, in order. */
  readonly byFeature: ReadonlyMap<string, readonly Rule[]>;
  /** What a request meets that does not say its feature. */
  readonly all: readonly Rule[];
}

function judge(rules: readonly Rule[], request: Asking, allow: Verdict): Verdict {
  let verdicts: Verdicts | undefined;
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index] as Rule;
    const { hold } = rule;
    if (hold.release !== undefined && isReleased(hold.hold, hold.release, request)) continue;
    if (request.running && rule.control.inFlight === 'drain') continue;
    const effect = rule.kind.apply(rule.control, verdicts === undefined ? request : verdicts.served);
    if (effect === undefined) continue;
    if (effect === 'deny') return rule.denied;
    verdicts ??= new Verdicts(request);
    verdicts.take(hold, rule.control, effect);
  }
  return verdicts?.sum(allow.epoch) ?? allow;
}

function indexed(rules: readonly Rule[]): SystemRules {
  const wide = rules.filter((rule) => rule.control.feature === undefined);
  const byFeature = new Map<string, readonly Rule[]>();
  const features = new Set(rules.flatMap((rule) => rule.control.feature ?? []));
  if (wide.length === 0) {
    for (const rule of rules) {
      const feature = rule.control.feature as string;
      const known = byFeature.get(feature);
      if (known === undefined) byFeature.set(feature, [rule]);
      else (known as Rule[]).push(rule);
    }
  } else {
    for (const feature of features)
      byFeature.set(
        feature,
        rules.filter((rule) => rule.control.feature === undefined || rule.control.feature === feature),
      );
  }
  return { wide, byFeature, all: rules };
}

/** Indexes a snapshot by system and feature, so that a check costs the holds that can apply and not those that exist. */
export function compile(snapshot: Snapshot): Compiled {
  const { generation, epoch } = snapshot;
  const allow: Verdict = Object.freeze({ action: 'allow', epoch });
  const unsupported: Id<'hld'>[] = [];
  const bySystem = new Map<string, Rule[]>();
  for (const hold of [...snapshot.holds].sort(inOrder)) {
    const control = enforceable(hold);
    if (control !== hold.what) unsupported.push(hold.hold);
    if (control === undefined) continue;
    const rules = bySystem.get(hold.system) ?? [];
    rules.push({ hold, control, kind: kindOf(control), denied: denial(hold, control, epoch) });
    bySystem.set(hold.system, rules);
  }
  const frozen = { generation, epoch, allow, unsupported: Object.freeze(unsupported) };
  if (bySystem.size === 0) return Object.freeze({ ...frozen, check: () => allow });

  const systems = new Map([...bySystem].map(([system, rules]) => [system, indexed(rules)]));
  const check = (system: string, request: Asking): Verdict => {
    const rules = systems.get(system);
    if (rules === undefined) return allow;
    if (request.feature === undefined) return judge(rules.all, request, allow);
    const own = rules.byFeature.get(request.feature);
    if (own === undefined) return rules.wide.length === 0 ? allow : judge(rules.wide, request, allow);
    return judge(own, request, allow);
  };
  return Object.freeze({ ...frozen, check });
}
