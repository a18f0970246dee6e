import { AXES, AXIS_NAMES, type Axis, type Known } from './axes.ts';
import { firedRules, levelOf, suggestSeverity } from './severity.ts';
import type { SeverityTable } from './table.ts';

export interface TableFault {
  /** RFC 6901 pointer into the table. */
  readonly pointer: string;
  readonly why: string;
}

const LEVELS = 5;
const ALL = LEVELS ** AXIS_NAMES.length;
const MOST_FAULTS = 20;

const answersAt = (n: number): Known =>
  Object.fromEntries(AXIS_NAMES.map((axis, i) => [axis, Math.floor(n / LEVELS ** i) % LEVELS])) as Known;
const said = (axes: Known): string => AXIS_NAMES.map((axis) => `${axis} ${axes[axis]}`).join(', ');

/** The first pair of answers where a worse answer to one question gives a milder severity, over all 15,625 combinations. */
function firstMilder(table: SeverityTable): TableFault | null {
  const levels = Array.from({ length: ALL }, (_, n) => levelOf(firedRules(table, answersAt(n))));
  for (let n = 0; n < ALL; n++)
    for (const [i, axis] of AXIS_NAMES.entries()) {
      const step = LEVELS ** i;
      const axes = answersAt(n);
      if (axes[axis] === LEVELS - 1 || levels[n + step]! <= levels[n]!) continue;
      const lost = firedRules(table, axes).filter((rule) => rule.severity === levels[n]);
      return {
        pointer: `/rules/${table.rules.indexOf(lost[0]!)}`,
        why: `With ${said(axes)} the table says Sev ${levels[n]}; when “${axis}” gets worse (${AXES[axis].anchors[axes[axis]]} → ${AXES[axis].anchors[axes[axis] + 1]}) it says Sev ${levels[n + step]}, because ${lost.map((rule) => rule.id).join(', ')} no longer fires. A worse answer must never be milder: take the upper bound out of that rule, or add a rule for the worse case.`,
      };
    }
  return null;
}

/** Why a table cannot be used: rules named twice or never firing, worse answers that come out milder, examples it contradicts. Empty: good. */
export function faultsOf(table: SeverityTable): TableFault[] {
  const faults: TableFault[] = [];
  const seen = new Set<string>();
  for (const [i, rule] of table.rules.entries()) {
    if (seen.has(rule.id)) faults.push({ pointer: `/rules/${i}/id`, why: `Two rules are called ${rule.id}.` });
    seen.add(rule.id);
    for (const [j, condition] of rule.when.entries()) {
      const named = AXIS_NAMES.filter((axis) => condition[axis] !== undefined);
      if (named.length === 0)
        faults.push({
          pointer: `/rules/${i}/when/${j}`,
          why: `${rule.id} would always fire: name at least one question.`,
        });
      const empty = named.find(
        (axis: Axis) => (condition[axis]!.atLeast ?? 0) > (condition[axis]!.atMost ?? LEVELS - 1),
      );
      if (empty)
        faults.push({
          pointer: `/rules/${i}/when/${j}/${empty}`,
          why: `${rule.id} can never fire: its bounds exclude each other.`,
        });
    }
  }
  const { sev1, sev2 } = table.voice;
  if (sev1.p90Over < sev2.p90Over || sev1.completionUnder > sev2.completionUnder)
    faults.push({
      pointer: '/voice',
      why: 'The voice limits of Sev 1 must be the worse ones: a longer wait and fewer tasks completed than those of Sev 2.',
    });
  const milder = faults.length === 0 ? firstMilder(table) : null;
  if (milder !== null) faults.push(milder);
  for (const [i, example] of table.examples.entries()) {
    const call = suggestSeverity(example.axes, {}, table);
    if (call.severity !== example.severity)
      faults.push({
        pointer: `/examples/${i}`,
        why: `The example “${example.text.slice(0, 60)}” is listed as Sev ${example.severity}, and the table makes it Sev ${call.severity} (${call.reasons.join('; ') || 'no rule fires'}).`,
      });
  }
  return faults.slice(0, MOST_FAULTS);
}
