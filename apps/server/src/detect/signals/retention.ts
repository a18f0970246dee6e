import {
  foldSealed,
  recordDeletion,
  TELEMETRY_KINDS,
  type TelemetryFact,
  type TelemetryKind,
  telemetryStream,
} from '@firebreak/core/detect/signals';
import { addMs, type Instant, isRefusal } from '@firebreak/core/kernel';
import { type Gap, gapsBefore, isHeld } from '@firebreak/core/prepare/records';
import { actWithin, announce, type Deps, firebreakItself, type Sql, type Watch } from '../../platform/index.ts';
import { listRecordRules } from '../../prepare/records/index.ts';
import { IS_QUOTED, type KeptBounds, type Quoted, quotedBy, type ReadKept, spanOf, TABLES } from './kept.ts';

const MOST_ROUNDS = 20;
const DELETE_AT_ONCE = 2_000;
const DAY_MS = 86_400_000;

type Gone = Extract<TelemetryFact, { type: 'telemetry.deleted' }>['data'];

const daysBefore = (now: Instant, days: number): Instant => addMs(now, -days * DAY_MS);

/** Deletes what is older than the rules let it be kept, some at a time, and records how much: nothing goes in silence. */
async function deleteSome(deps: Deps, readKept: ReadKept, bounds: KeptBounds): Promise<number> {
  const now = deps.now();
  const usual = deps.config.retentionDays;
  const before = daysBefore(now, usual);
  const facts = await deps.db.transaction(async (tx) => {
    const kept = await readKept(tx, now);
    if (kept === null) {
      deps.log.error('nothing is deleted: records are kept for more incidents than can be read at once');
      return [];
    }
    const rules = (await listRecordRules(tx)).filter((rule) => rule.keptDays !== null || isHeld(rule));
    const ruled = new Map(rules.map((rule) => [rule.system, rule]));
    const special = [...new Set([...ruled.keys(), ...kept.spans.map(({ system }) => system)])];
    const quoted = await quotedBy(tx, kept, bounds);
    const gone: Gone[] = [];
    for (const kind of TELEMETRY_KINDS) {
      const count = await deleteOld(
        tx,
        kind,
        quoted,
        't.system <> all($6::text[])',
        { from: null, until: before },
        special,
      );
      gone.push({ kind, count, before, keptDays: usual });
      for (const system of special) {
        const rule = ruled.get(system);
        if (rule !== undefined && isHeld(rule)) continue;
        const keptDays = rule?.keptDays ?? usual;
        const until = daysBefore(now, keptDays);
        const old = kept.spans.filter((span) => span.system === system && span.from < until);
        const spans = [];
        for (const span of old) spans.push(await spanOf(tx, kind, span, bounds.records));
        let count = 0;
        for (const gap of gapsBefore(spans, until))
          count += await deleteOld(tx, kind, quoted, 't.system = $6', gap, system);
        gone.push({ kind, count, before: until, keptDays, system });
      }
    }
    await tx.query(
      `delete from alert where (sender, key) in (select sender, key from alert where last_at < $1 limit ${DELETE_AT_ONCE})`,
      [before],
    );
    await tx.query('delete from traffic where minute < $1', [before.slice(0, 16)]);
    await tx.query('delete from record_taken_out where hour < $1', [before.slice(0, 13)]);
    // What says where a record is sealed stays as long as any record may.
    const longest = Math.max(usual, ...rules.map(({ keptDays }) => keptDays ?? 0));
    const all = kept.candidates.length + kept.records.length + kept.spans.length === 0;
    if (!rules.some(isHeld)) await forgetIntakes(tx, daysBefore(now, longest), all);
    if (gone.every(({ count }) => count === 0)) return [];
    const done = await actWithin(tx, deps, {
      stream: telemetryStream(now),
      by: firebreakItself('retention'),
      may: 'telemetry.send',
      fold: foldSealed,
      decide: () => recordDeletion(gone),
    });
    if (isRefusal(done)) throw new Error(`the deletion was refused: ${done.why}`);
    return done.facts;
  }, 'bulk');
  announce(deps, facts);
  return facts.reduce((most, fact) => Math.max(most, fact.data.count), 0);
}

async function deleteOld(
  tx: Sql,
  kind: TelemetryKind,
  quoted: Quoted,
  where: string,
  { from, until }: Gap,
  systems: string | readonly string[],
): Promise<number> {
  const table = TABLES[kind];
  const { count } = await tx.query(
    `delete from ${table} where id in (select t.id from ${table} t
       where t.received_at >= $4 and t.received_at < $5 and ${where} and not ${IS_QUOTED[kind]}
       order by t.received_at limit ${DELETE_AT_ONCE}) returning id`,
    [...quoted, from ?? '', until, systems],
  );
  return count;
}

/** Places of records that are gone; unless all old ones are, only of batches of which no record is there any more. */
async function forgetIntakes(tx: Sql, before: Instant, all: boolean): Promise<void> {
  const there = TELEMETRY_KINDS.map((kind) => `exists (select 1 from ${TABLES[kind]} where id = e.id)`).join(' or ');
  await tx.query(
    `delete from telemetry_intake where id in (select i.id from telemetry_intake i
       where i.received_at < $1 and i.inspected and i.batch is not null and ($2 or not exists (
         select 1 from telemetry_intake o cross join lateral jsonb_array_elements_text(o.ids) as e(id)
         where o.batch = i.batch and (${there})))
       order by i.received_at limit ${DELETE_AT_ONCE})`,
    [before, all],
  );
}

/** `readKept`: what stays, whatever the rules say. */
export const retentionWith = (readKept: ReadKept, bounds: KeptBounds): Watch => ({
  name: 'telemetry-retention',
  everyMs: 600_000,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS && (await deleteSome(deps, readKept, bounds)) >= DELETE_AT_ONCE; round++);
  },
});
