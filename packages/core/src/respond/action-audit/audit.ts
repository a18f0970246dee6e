import {
  type Actor,
  type AnyFact,
  type Asked,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { AuditedCall } from './audited.ts';

/** How a person answered for one call. */
export const SETTLEMENTS = ['undone', 'cannot-be-undone', 'accepted'] as const;
export type SettledAs = (typeof SETTLEMENTS)[number];

export interface AuditCounts {
  readonly calls: number;
  readonly executed: number;
  readonly failed: number;
  readonly uncertain: number;
  readonly refused: number;
  /** Beyond what was granted, whether they were made or refused. */
  readonly outside: number;
  /** Of those that may have done something. */
  readonly reversible: number;
  readonly irreversible: number;
  readonly unknown: number;
  readonly undone: number;
  readonly cannotBeUndone: number;
  readonly accepted: number;
  /** May have done something, and nobody has answered for it yet. */
  readonly open: number;
}

/** On a stream of the audit of its own, as calls come in thousands. */
export type ActionFact =
  /** Without a member `incident`: it is evidence, not an entry of the room. */
  | Fact<'actions.found', { readonly of: Id<'inc'>; readonly calls: readonly AuditedCall[] }>
  | Fact<
      'actions.looked',
      {
        readonly incident: Id<'inc'>;
        readonly since: Instant;
        readonly found: number;
        /** There were more than could be read at once. */
        readonly more: boolean;
        readonly counts: AuditCounts;
      }
    >
  | Fact<
      'action.settled',
      {
        readonly incident: Id<'inc'>;
        readonly calls: readonly string[];
        readonly as: SettledAs;
        readonly note: string;
      }
    >;

export interface Settled {
  readonly as: SettledAs;
  readonly note: string;
  readonly at: Instant;
  readonly by: Actor;
}

export interface Audit {
  readonly calls: ReadonlyMap<string, AuditedCall>;
  readonly settled: ReadonlyMap<string, Settled>;
  readonly looked: { readonly at: Instant; readonly since: Instant; readonly more: boolean } | null;
}

export const CALL_LIMIT = 5_000;
const CALLS_PER_FACT = 50;
export const SETTLED_AT_ONCE = 200;

export function foldAudit(facts: readonly Recorded<AnyFact>[]): Audit {
  const calls = new Map<string, AuditedCall>();
  const settled = new Map<string, Settled>();
  let looked: Audit['looked'] = null;
  for (const fact of facts as readonly Recorded<ActionFact>[]) {
    if (fact.type === 'actions.found') {
      // A value that was erased is no list any more.
      if (Array.isArray(fact.data.calls)) for (const call of fact.data.calls) calls.set(call.call, call);
    } else if (fact.type === 'actions.looked') {
      looked = { at: fact.at, since: fact.data.since, more: fact.data.more };
    } else if (fact.type === 'action.settled') {
      const { as, note } = fact.data;
      for (const call of fact.data.calls) settled.set(call, { as, note, at: fact.at, by: fact.by });
    }
  }
  return { calls, settled, looked };
}

/** Whether it may have done something that somebody has to answer for. */
export const mayHaveActed = ({ outcome, reversal }: AuditedCall): boolean =>
  outcome !== 'refused' && reversal !== 'nothing';

export function countAudit({ calls, settled }: Pick<Audit, 'calls' | 'settled'>): AuditCounts {
  const all = [...calls.values()];
  const acted = all.filter(mayHaveActed);
  const is = (as: SettledAs) => acted.filter(({ call }) => settled.get(call)?.as === as).length;
  const outcome = (which: AuditedCall['outcome']) => all.filter((each) => each.outcome === which).length;
  const reversal = (which: AuditedCall['reversal']) => acted.filter((each) => each.reversal === which).length;
  return {
    calls: all.length,
    executed: outcome('executed'),
    failed: outcome('failed'),
    uncertain: outcome('uncertain'),
    refused: outcome('refused'),
    outside: all.filter(({ permission }) => permission === 'outside').length,
    reversible: reversal('reversible'),
    irreversible: reversal('irreversible'),
    unknown: reversal('unknown'),
    undone: is('undone'),
    cannotBeUndone: is('cannot-be-undone'),
    accepted: is('accepted'),
    open: acted.filter(({ call }) => !settled.has(call)).length,
  };
}

const same = (a: AuditedCall, b: AuditedCall): boolean =>
  a.outcome === b.outcome && a.reversal === b.reversal && JSON.stringify(a.undo) === JSON.stringify(b.undo);

export interface RecordLook {
  readonly incident: Id<'inc'>;
  readonly since: Instant;
  readonly calls: readonly AuditedCall[];
  readonly more: boolean;
}

/** Takes in what was found: calls that are new, or of which more is known. Looking twice at the same records nothing. */
export function recordLook(state: Audit, want: RecordLook, _asked: Asked): Decision<ActionFact> {
  const room = CALL_LIMIT - state.calls.size;
  const fresh: AuditedCall[] = [];
  let added = 0;
  let more = want.more;
  for (const call of want.calls) {
    const known = state.calls.get(call.call);
    if (known !== undefined && same(known, call)) continue;
    if (known === undefined && added >= room) {
      more = true;
      continue;
    }
    if (known === undefined) added += 1;
    fresh.push(call);
  }
  if (fresh.length === 0 && state.looked !== null && state.looked.more === more) return [];
  const facts: ActionFact[] = [];
  for (let at = 0; at < fresh.length; at += CALLS_PER_FACT)
    facts.push({
      type: 'actions.found',
      data: { of: want.incident, calls: fresh.slice(at, at + CALLS_PER_FACT) },
    });
  const calls = new Map(state.calls);
  for (const call of fresh) calls.set(call.call, call);
  const { incident, since } = want;
  const counts = countAudit({ calls, settled: state.settled });
  return [...facts, { type: 'actions.looked', data: { incident, since, found: fresh.length, more, counts } }];
}

/** Refuses `action.unknown`, `action.not-made` (nothing to answer for). The newest answer counts; the same again changes nothing. */
export function settleActions(
  state: Audit,
  want: {
    readonly incident: Id<'inc'>;
    readonly calls: readonly string[];
    readonly as: SettledAs;
    readonly note: string;
  },
  _asked: Asked,
): Decision<ActionFact> {
  for (const [place, id] of want.calls.entries()) {
    const call = state.calls.get(id);
    if (call === undefined)
      return refuse('action.unknown', `The audit of this incident has no call ${id}.`, `/calls/${place}`);
    if (!mayHaveActed(call))
      return refuse(
        'action.not-made',
        `“${call.tool}” ${call.outcome === 'refused' ? 'was refused' : 'only looked'}: there is nothing to undo.`,
        `/calls/${place}`,
      );
  }
  const calls = want.calls.filter((id, place) => {
    const before = state.settled.get(id);
    return want.calls.indexOf(id) === place && !(before?.as === want.as && before.note === want.note);
  });
  return calls.length === 0 ? [] : [{ type: 'action.settled', data: { ...want, calls } }];
}
