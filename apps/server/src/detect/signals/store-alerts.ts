import { type Alert, type AlertStep, type FollowedAlert, followAlert } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { storable } from './given.ts';
import { stateOf } from './state.ts';
import { type Raised, storeSignals } from './store-signals.ts';
import type { TakingOut } from './take-out.ts';

/** What a sender's alert becomes where it raises a signal. */
export type Raising = Pick<
  Raised,
  'channel' | 'kind' | 'detector' | 'rule' | 'evidenceClass' | 'system' | 'severityHint' | 'text' | 'at' | 'pagesAlone'
>;

export interface Stored {
  readonly alert: Alert;
  readonly step: AlertStep;
  /** The signal it raised or touched. */
  readonly signal: string | null;
}

interface Held {
  readonly signal: string;
  readonly began_at: Instant | null;
  readonly acknowledged_at: Instant | null;
  readonly resolved_at: Instant | null;
}

const followed = ({ began_at, acknowledged_at, resolved_at }: Held): FollowedAlert => ({
  beganAt: began_at,
  acknowledgedAt: acknowledged_at,
  resolvedAt: resolved_at,
});

async function held(tx: Sql, sender: string, key: string): Promise<Held | null> {
  const { rows } = await tx.query<Held>(
    `select a.signal, a.began_at, s.acknowledged_at, s.resolved_at from alert a join signal s on s.id = a.signal
     where a.sender = $1 and a.key = $2`,
    [sender, key],
  );
  return rows[0] ?? null;
}

async function raise(
  tx: Sql,
  deps: Deps,
  { sender, alert, raising, out }: { sender: string; alert: Alert; raising: Raising; out: TakingOut },
): Promise<string> {
  const raised: Raised = {
    ...raising,
    detector: storable(raising.detector),
    text: storable(out.text(raising.system, raising.text)),
    score: null,
    feature: null,
    deployment: null,
    versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    subjectHash: null,
    archetype: null,
    quotes: [],
    interaction: null,
    dedupKey: `alert|${sender}|${deps.mint('raw')}`,
  };
  const id = (await storeSignals(tx, deps, [raised])).ids[0]!;
  await tx.query(
    `insert into alert (sender, key, signal, began_at, last_at) values ($1, $2, $3, $4, $5)
     on conflict (sender, key) do update set signal = excluded.signal, began_at = excluded.began_at, last_at = excluded.last_at`,
    [sender, alert.dedupKey, id, alert.at, deps.now()],
  );
  return id;
}

const CHANGES = {
  // The newest 200 are kept.
  repeat:
    'times = times + 1, repeated = (case when jsonb_array_length(repeated) >= 200 then repeated - 0 else repeated end) || to_jsonb($2::text)',
  acknowledge: 'times = times + 1, acknowledged_at = $2',
  resolve: 'resolved_at = $2',
} as const;

/**
 * Follows each alert of one sender, in order: a new one raises a signal, a known one is counted or closes what it raised.
 * Deliveries of one sender wait for each other, so that the same alert twice at once is one signal.
 */
export async function storeAlerts(
  tx: Sql,
  deps: Deps,
  sender: string,
  alerts: readonly Alert[],
  as: {
    readonly startsOpen: boolean;
    readonly raising: (alert: Alert) => Promise<Raising>;
    readonly out: TakingOut;
  },
): Promise<Stored[]> {
  await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-alerts'), hashtext($1))", [sender]);
  const stored: Stored[] = [];
  let raised = 0;
  for (const given of alerts) {
    const alert = { ...given, dedupKey: storable(given.dedupKey) };
    const known = await held(tx, sender, alert.dedupKey);
    const step = followAlert(known === null ? null : followed(known), alert, as.startsOpen);
    if (step.does === 'nothing') {
      stored.push({ alert, step, signal: known?.signal ?? null });
      continue;
    }
    if (step.does === 'raise') {
      raised++;
      const signal = await raise(tx, deps, { sender, alert, raising: await as.raising(alert), out: as.out });
      if (alert.status === 'acknowledged')
        await tx.query('update signal set acknowledged_at = $2 where id = $1', [signal, deps.now()]);
      stored.push({ alert, step, signal });
      continue;
    }
    const at =
      step.does === 'resolve' && alert.endedAt !== null && alert.endedAt <= deps.now() ? alert.endedAt : deps.now();
    await tx.query(`update signal set ${CHANGES[step.does]}, last_at = coalesce($3, $2) where id = $1`, [
      known!.signal,
      at,
      deps.now(),
    ]);
    await tx.query('update alert set last_at = $3 where sender = $1 and key = $2', [
      sender,
      alert.dedupKey,
      deps.now(),
    ]);
    stored.push({ alert, step, signal: known!.signal });
  }
  if (raised > 0) stateOf(deps).nudge();
  return stored;
}
