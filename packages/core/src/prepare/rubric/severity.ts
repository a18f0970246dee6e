import { AXES, AXIS_NAMES, type Axes, type Axis, type Known, type Severity } from './axes.ts';
import { type Bounds, type Condition, type Rule, type SeverityTable, SHIPPED_TABLE, type VoiceLimit } from './table.ts';

export interface VoiceFigures {
  /** 90th percentile of response latency, seconds. */
  readonly p90Seconds: number;
  /** Share of tasks completed, 0 to 1. */
  readonly completion: number;
}

export interface SeverityCall {
  readonly severity: Severity;
  /** Ids of the rules that fired at that level, or VOICE.n, LEGAL+1, DOUBT. */
  readonly rules: readonly string[];
  /** The same in words. */
  readonly reasons: readonly string[];
  /** True while an unknown answer could still change the result. */
  readonly provisional: boolean;
  /** By the six axes alone, with every unknown at its worst. */
  readonly worstCase: Severity;
  readonly unknown: readonly Axis[];
  /** "Could be Sev n if …", one sentence for each unknown that alone would lift it: the triage to-do list. */
  readonly couldBe: readonly string[];
}

const filled = (axes: Axes, value: number): Known =>
  Object.fromEntries(AXIS_NAMES.map((axis) => [axis, axes[axis] ?? value])) as Known;
const within = (level: number, { atLeast = 0, atMost = 4 }: Bounds): boolean => level >= atLeast && level <= atMost;
const holds = (axes: Known, condition: Condition): boolean =>
  AXIS_NAMES.every((axis) => condition[axis] === undefined || within(axes[axis], condition[axis]));

/** The rules that fire for answers that are all known. */
export const firedRules = ({ rules }: SeverityTable, axes: Known): Rule[] =>
  rules.filter((rule) => rule.when.some((condition) => holds(axes, condition)));

/** Of the rules that fire, the most severe; 4 if none does. */
export const levelOf = (rules: readonly Rule[]): Severity =>
  Math.min(4, ...rules.map((rule) => rule.severity)) as Severity;

function voiceLevel({ voice: { sev1, sev2 } }: SeverityTable, voice: VoiceFigures | undefined): Severity {
  if (voice === undefined) return 4;
  const past = (limit: VoiceLimit) => voice.p90Seconds > limit.p90Over || voice.completion < limit.completionUnder;
  return past(sev1) ? 1 : past(sev2) ? 2 : 4;
}

/**
 * Severity from answers: evaluated with every unknown at 0 and at 4. The same result is final; different ones make it
 * provisional, and then a 3 or 4 becomes 2 ("unsure is Sev 2"). Voice figures and the legal level may only raise it:
 * operational severity is at least one notch above the legal level.
 */
export function suggestSeverity(
  axes: Axes,
  beside: { readonly voice?: VoiceFigures; readonly legal?: Severity } = {},
  table: SeverityTable = SHIPPED_TABLE,
): SeverityCall {
  const unknown = AXIS_NAMES.filter((axis) => axes[axis] === null);
  const low = firedRules(table, filled(axes, 0));
  const best = levelOf(low);
  const worstCase = levelOf(firedRules(table, filled(axes, 4)));
  const provisional = best !== worstCase;
  let severity = best;
  let because = low.filter((rule) => rule.severity === best).map(({ id, reads }) => ({ id, reads }));
  if (provisional && best >= 3) {
    severity = 2;
    because = [{ id: 'DOUBT', reads: 'not enough is known, and unsure is Sev 2' }];
  }
  const voice = voiceLevel(table, beside.voice);
  if (voice < severity) {
    severity = voice;
    because = [
      {
        id: `VOICE.${voice}`,
        reads: voice === 1 ? 'the voice agent is unusable' : 'the voice agent is slow or fails half its tasks',
      },
    ];
  }
  const legal = beside.legal === undefined ? 4 : (Math.max(1, beside.legal - 1) as Severity);
  if (legal < severity) {
    severity = legal;
    because = [
      {
        id: 'LEGAL+1',
        reads: `counsel rates the legal exposure as level ${beside.legal}; operations stay one notch above`,
      },
    ];
  }
  const couldBe = unknown.flatMap((axis) => {
    const lifted = levelOf(firedRules(table, filled({ ...axes, [axis]: 4 }, 0)));
    return lifted < severity ? [`Could be Sev ${lifted} depending on: ${AXES[axis].question.toLowerCase()}`] : [];
  });
  return {
    severity,
    rules: because.map((b) => b.id),
    reasons: because.map((b) => b.reads),
    provisional,
    worstCase,
    unknown,
    couldBe,
  };
}
