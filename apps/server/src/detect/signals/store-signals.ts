import { shapeOf, URGENCIES, urgencyOf } from '@firebreak/core/detect/reviews';
import type { Feedback, Interaction, Signal, SignalId } from '@firebreak/core/detect/signals';
import { canonical } from '@firebreak/core/evidence';
import type { Deps, Sql } from '../../platform/index.ts';
import { leafOfText } from './record-text.ts';
import { recordIntake } from './state.ts';

/** A signal that has no id yet. */
export type Raised = Omit<Signal, 'id' | 'receivedAt'>;

export interface StoredSignals {
  /** In the order given; of one that was known, the id it has. */
  readonly ids: readonly string[];
  readonly fresh: number;
}

/** Stores signals; one with a known key is the same observation and changes nothing. */
export async function storeSignals(tx: Sql, deps: Deps, raised: readonly Raised[]): Promise<StoredSignals> {
  if (raised.length === 0) return { ids: [], fresh: 0 };
  const receivedAt = deps.now();
  const byKey = new Map<string, Signal>();
  for (const it of raised)
    if (!byKey.has(it.dedupKey)) byKey.set(it.dedupKey, { ...it, id: deps.mint('sig') as SignalId, receivedAt });
  const rows = [...byKey.values()].map((signal) => ({ signal, text: canonical(signal) }));
  const inserted = await tx.query<{ id: string }>(
    `insert into signal (id, system, dedup_key, received_at, at, channel, detector, feature, interaction, data)
     select id, system, "dedupKey", "receivedAt", at, channel, detector, feature, interaction, to_jsonb(whole)
     from jsonb_array_elements($1::jsonb) as whole,
       jsonb_to_record(whole) as r(id text, system text, "dedupKey" text, "receivedAt" text, at text, channel text, detector text, feature text, interaction text)
     on conflict (dedup_key) do nothing returning id`,
    [`[${rows.map((row) => row.text).join(',')}]`],
  );
  const fresh = new Set(inserted.rows.map((row) => row.id));
  const changed = rows.filter((row) => fresh.has(row.signal.id));
  await recordIntake(
    tx,
    deps,
    'signal',
    deps.mint('tin'),
    changed.map(({ signal, text }) => ({ id: signal.id, leaf: leafOfText(text) })),
  );
  const known = new Map<string, string>();
  if (fresh.size < rows.length) {
    const held = await tx.query<{ id: string; dedup_key: string }>(
      'select id, dedup_key from signal where dedup_key = any($1)',
      [rows.filter((row) => !fresh.has(row.signal.id)).map((row) => row.signal.dedupKey)],
    );
    for (const row of held.rows) known.set(row.dedup_key, row.id);
  }
  return { ids: raised.map(({ dedupKey }) => known.get(dedupKey) ?? byKey.get(dedupKey)!.id), fresh: fresh.size };
}

/** Stores what people said, due to become a signal now. */
export async function storeFeedback(
  tx: Sql,
  deps: Deps,
  given: readonly Omit<Feedback, 'id' | 'receivedAt'>[],
  referring: readonly (string | null)[],
): Promise<StoredSignals> {
  const receivedAt = deps.now();
  const byKey = new Map<string, { feedback: Feedback; key: string; ref: string | null }>();
  const keys = given.map((it, i) => {
    const id = deps.mint('fbk');
    const key = it.givenId === null ? `i:${id}` : `g:${it.givenId}`;
    const at = `${it.system}\n${key}`;
    if (!byKey.has(at)) byKey.set(at, { feedback: { ...it, id, receivedAt }, key, ref: referring[i] ?? null });
    return at;
  });
  const rows = [...byKey.values()];
  const inserted = await tx.query<{ id: string }>(
    `insert into feedback (id, system, key, received_at, at, kind, refers, due_at, urgency, shape, data)
     select data->>'id', data->>'system', key, data->>'receivedAt', data->>'at', data->>'kind', ref, data->>'receivedAt', urgency, shape, data
     from jsonb_to_recordset($1::jsonb) as r(key text, ref text, urgency smallint, shape text, data jsonb)
     on conflict (system, key) do nothing returning id`,
    [
      JSON.stringify(
        rows.map(({ feedback, key, ref }) => {
          const urgency = urgencyOf(feedback);
          return {
            key,
            ref,
            urgency: urgency === null ? null : URGENCIES.indexOf(urgency),
            shape: urgency === null ? null : shapeOf(feedback),
            data: feedback,
          };
        }),
      ),
    ],
  );
  const fresh = new Set(inserted.rows.map((row) => row.id));
  await recordIntake(
    tx,
    deps,
    'feedback',
    deps.mint('tin'),
    rows
      .filter((row) => fresh.has(row.feedback.id))
      .map(({ feedback }) => ({ id: feedback.id, leaf: leafOfText(canonical(feedback)) })),
  );
  const known = new Map<string, string>();
  if (fresh.size < rows.length) {
    const old = rows.filter((row) => !fresh.has(row.feedback.id));
    const held = await tx.query<{ id: string; system: string; key: string }>(
      `select f.id, f.system, f.key from feedback f join jsonb_to_recordset($1::jsonb) as r(system text, key text) on r.system = f.system and r.key = f.key`,
      [JSON.stringify(old.map(({ feedback, key }) => ({ system: feedback.system, key })))],
    );
    for (const row of held.rows) known.set(`${row.system}\n${row.key}`, row.id);
  }
  return { ids: keys.map((at) => known.get(at) ?? byKey.get(at)!.feedback.id), fresh: fresh.size };
}

export interface Reference {
  readonly system: string;
  /** Our id, or the sender's own. */
  readonly interaction: string | null;
  readonly traceId: string | null;
  readonly responseId: string | null;
}

/** The interaction somebody speaks of: by id, by the provider's answer id, or the newest of a trace. */
export async function findReferred(sql: Sql, ref: Reference): Promise<Interaction | null> {
  const { rows } = await sql.query<{ data: Interaction }>(
    `select data from interaction
     where system = $1 and (id = $2 or given_id = $2 or key = $3 or trace_id = $4)
     order by (id = $2 or given_id = $2) desc nulls last, (key = $3) desc nulls last, received_at desc limit 1`,
    [
      ref.system,
      ref.interaction,
      ref.responseId === null ? null : `r:${ref.responseId}`,
      ref.traceId?.toLowerCase() ?? null,
    ],
  );
  return rows[0]?.data ?? null;
}
