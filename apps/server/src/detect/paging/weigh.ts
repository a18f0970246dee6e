import { type Candidate, earlyReading } from '@firebreak/core/detect/candidates';
import {
  type Condition,
  type ConditionReading,
  isUnder,
  looksBackMs,
  overSince,
  readCondition,
  type Weighed,
  weigh,
} from '@firebreak/core/detect/paging';
import type { Signal } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { SeverityTable } from '@firebreak/core/prepare/rubric';
import type { Sql } from '../../platform/index.ts';
import { observedOf, overOf, signalsToWeigh, timesOfSignals } from '../signals/index.ts';
import { listConditions, silencesSince } from './board.ts';

/** Where each of these conditions stands for a system. */
export async function readConditions(
  sql: Sql,
  conditions: readonly Condition[],
  system: string,
  now: Instant,
): Promise<ConditionReading[]> {
  const readings: ConditionReading[] = [];
  for (const condition of conditions) {
    const { rule, detector, kind } = condition;
    const times =
      rule.kind === 'warm-up'
        ? []
        : await timesOfSignals(sql, {
            system,
            detector,
            kind,
            from: addMs(now, -looksBackMs(rule)),
            to: addMs(now, 1),
          });
    const observed = rule.kind === 'warm-up' ? await observedOf(sql, system) : null;
    readings.push(readCondition(condition, { times, observed }, now));
  }
  return readings;
}

/** Which of a candidate's signals count for a page now, by what is silenced and asked for. */
export async function weighCandidate(
  sql: Sql,
  candidate: Candidate,
  now: Instant,
  table: SeverityTable,
): Promise<Weighed> {
  const signals = await signalsToWeigh(sql, candidate.id);
  const weighed = await weighSignals(sql, candidate, signals, now, table);
  const { resolved, going } = await overOf(
    sql,
    candidate.id,
    signals.map(({ id }) => id),
  );
  return { ...weighed, overSince: overSince(weighed, resolved, going) };
}

export async function weighSignals(
  sql: Sql,
  candidate: Candidate,
  signals: readonly Signal[],
  now: Instant,
  table: SeverityTable,
): Promise<Weighed> {
  const oldest = signals[0]?.receivedAt ?? now;
  const silences = await silencesSince(sql, oldest);
  const conditions = (await listConditions(sql)).filter((it) => signals.some((signal) => isUnder(signal, it)));
  const readings = await readConditions(sql, conditions, candidate.system, now);
  return weigh(signals, silences, readings, earlyReading(candidate, table).call.severity);
}
