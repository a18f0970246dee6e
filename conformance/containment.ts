import type { HoldInForce, RequestContext, Snapshot, Verdict } from '@firebreak/core/respond/containment';
import written from './containment.json' with { type: 'json' };

/** One sentence of what containment means: these holds, this request, this answer. */
export interface ContainmentVector {
  readonly name: string;
  readonly holds: readonly HoldInForce[];
  readonly request: RequestContext;
  readonly expect: Partial<Verdict> & Pick<Verdict, 'action'>;
}

interface WrittenHold {
  readonly hold: string;
  readonly what: HoldInForce['what'];
  readonly system?: string;
  readonly superset?: HoldInForce['superset'];
  readonly order?: number;
  readonly release?: HoldInForce['release'];
}

function hold(short: WrittenHold, index: number): HoldInForce {
  return {
    hold: short.hold as HoldInForce['hold'],
    number: index + 1,
    incident: 'inc_vector',
    system: short.system ?? 'support-bot',
    what: short.what,
    ...(short.superset === undefined ? {} : { superset: short.superset }),
    order: short.order ?? index + 1,
    ...(short.release === undefined ? {} : { release: short.release }),
  };
}

/** Every door (guard, gateway, OFREP, screen) answers all of these alike. */
export const containmentVectors: readonly ContainmentVector[] = (
  written as unknown as readonly (Omit<ContainmentVector, 'holds'> & { readonly holds: readonly WrittenHold[] })[]
).map((vector) => ({ ...vector, holds: vector.holds.map(hold) }));

/** Those of new requests: a door is asked before anything runs, so nobody can tell it that something does. */
export const newRequestVectors = containmentVectors.filter(({ request }) => request.running === undefined);

/** The state of control that a vector describes. */
export function snapshotOf(vector: ContainmentVector, system = '*'): Snapshot {
  const holds = vector.holds.filter((each) => system === '*' || each.system === system);
  return { schema: 1, system, generation: 1, epoch: vector.holds.length, holds };
}

/** The members of a verdict that a vector speaks about, for comparing. */
export function spokenOf(
  vector: ContainmentVector,
  verdict: { readonly [key in keyof ContainmentVector['expect']]?: unknown },
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(vector.expect).map((key) => [key, verdict[key as keyof ContainmentVector['expect']]]),
  );
}
