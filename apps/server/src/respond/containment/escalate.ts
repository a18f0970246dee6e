import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import {
  describeControl,
  escalateProof,
  foldContainment,
  PROOF_NAMES,
  type ProofName,
} from '@firebreak/core/respond/containment';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  actWithin,
  type Deps,
  type Effect,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Sql,
} from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';

/** Tells whoever hears an event, in the transaction of the caller, the same `key` once. Answers who is told. */
export type Tell = (
  tx: Sql,
  deps: Deps,
  what: {
    readonly event: 'containment.unproven' | 'containment.wide';
    readonly key: number;
    readonly about: string;
    readonly body: Readonly<Record<string, unknown>>;
  },
) => Promise<{ readonly id: string; readonly name: string }[]>;

interface Missed {
  readonly incident: string;
  readonly hold: `hld_${string}`;
  readonly seq: number;
}

const WORDS: Readonly<Record<ProofName, string>> = {
  acknowledged: 'not obeyed everywhere',
  probe: 'not shown to work',
  traffic: 'requests get past it',
};

/** What follows from a proof that is missing. Several of one hold that go missing together are told together. */
export function escalationAfter({ type, stream, data, seq }: Recorded): Effect[] {
  if (type !== 'containment.unproven') return [];
  const payload: Missed = { incident: stream, hold: data.hold, seq };
  return [{ kind: 'containment.escalate', payload, once: `containment:escalate:${data.hold}` }];
}

/** Tells whoever is paged, once for each time a proof goes missing, in the transaction that removes the job. */
export const escalateWith = (tell: Tell): JobHandler => ({
  async within(tx: Sql, { incident, hold: id, seq }: Missed, deps: Deps) {
    const facts = await loadStream(tx, incident);
    const hold = foldContainment(facts).holds.get(id);
    const room = foldIncident(facts);
    if (hold === undefined || room === null || hold.state !== 'active') return;
    const missing = PROOF_NAMES.filter((name) => {
      const kept = hold.proofs?.[name];
      return kept?.state === 'missing' && kept.escalated === undefined;
    });
    if (missing.length === 0) return;
    const found = await readSystem(tx, hold.system);
    const owner = isRefusal(found) ? '' : found.owner;
    const kept = missing.map((name) => hold.proofs![name]!);
    const what = describeControl(hold.what);
    const to = await tell(tx, deps, {
      event: 'containment.unproven',
      key: seq,
      about: incident,
      body: {
        id: incident,
        label: room.label,
        title: `${room.drill ? 'DRILL: ' : ''}HLD-${hold.number} (${what}) is ${missing.map((name) => WORDS[name]).join(', and ')}`,
        hold: `HLD-${hold.number}`,
        system: hold.system,
        owner,
        proofs: missing,
        why: kept.map(({ says }) => says).join(' '),
        missing: kept
          .flatMap((each) => each.missing.map(({ instance, host, why }) => ({ instance, host, why })))
          .slice(0, 20),
        todo: [...new Set(kept.flatMap(({ todo }) => todo))].slice(0, 10),
        url: `${deps.config.publicUrl}/incidents/${room.label}/contain`,
      },
    });
    for (const proof of missing) {
      const done = await actWithin(tx, deps, {
        stream: incident,
        by: firebreakItself('containment'),
        may: 'containment.order',
        fold: foldContainment,
        decide: (state, asked) => escalateProof(state, { hold: id, proof, owner, to }, asked),
      });
      if (isRefusal(done)) throw new Error(`who was told of a missing proof is not recorded: ${done.why}`);
    }
  },
});
