import type { Axes, SeverityCall, SeverityTable } from '../../prepare/rubric/index.ts';
import { SHIPPED_TABLE, suggestSeverity } from '../../prepare/rubric/index.ts';
import type { Candidate } from './candidate.ts';

/** A first reading of severity, before anybody has looked: a recommendation with its reasons, never a decision. */
export interface EarlyReading {
  /** The six answers as far as the signals give them; `null` is unknown. */
  readonly axes: Axes;
  readonly call: SeverityCall;
  /** Where each answer came from, in words. */
  readonly because: readonly string[];
  /** What nobody knows yet and somebody should find out. */
  readonly missing: readonly string[];
}

const people = (count: number): string => (count === 1 ? 'one person' : `${count} people`);

function reachOf(candidate: Candidate, because: string[]): number | null {
  const { subjects, channels } = candidate.summary;
  if (candidate.probe) {
    because.push('only our own probes met it');
    return 0;
  }
  if (subjects.length === 0) return null;
  because.push(`${people(subjects.length)} met it so far`);
  if (subjects.length > 100) return 3;
  if (subjects.length > 1) return 2;
  return channels.feedback === undefined ? 1 : null;
}

/** What the signals alone say about harm, reach, data, autonomy and control, through the rubric. */
export function earlyReading(candidate: Candidate, table: SeverityTable = SHIPPED_TABLE): EarlyReading {
  const because: string[] = [];
  const { summary, archetype } = candidate;
  const reach = reachOf(candidate, because);
  const complained = (summary.channels.feedback ?? 0) > 0;
  let harm: number | null = null;
  let data: number | null = null;
  let control: number | null = null;
  if (archetype === 'misinformation-cascade') {
    if (complained) {
      harm = 2;
      because.push('people complained about the same thing the assistant claimed: wrong output may have been acted on');
    }
    data = 0;
    because.push('it is about what was claimed, no data is seen leaving');
    const repeated = summary.evidence.strong + summary.evidence.verified;
    if (repeated >= 3) {
      control = 3;
      because.push(`the same kind of claim was seen ${repeated} times: it can be reproduced`);
    }
  } else if (archetype === 'data-exfiltration') {
    if (summary.evidence.verified > 0) {
      data = 3;
      because.push('a secret or private text was seen leaving, and the finding proves itself');
    }
  } else if (archetype === 'toxicity-abuse' && complained) {
    harm = 2;
    because.push('people reported abuse');
  }
  const axes: Axes = { harm, reach, data, regulatory: null, autonomy: null, control };
  const call = suggestSeverity(axes, {}, table);
  const hinted = summary.severityHint;
  const raised =
    hinted !== null && hinted < call.severity
      ? { ...call, severity: hinted, rules: ['SENDER'], reasons: [`a sender called it Sev ${hinted}`] }
      : call;
  return { axes, call: raised, because, missing: missingEvidence(candidate) };
}

/** What the record lacks, as sentences that say what to do. */
export function missingEvidence(candidate: Candidate): string[] {
  const { summary } = candidate;
  const missing: string[] = [];
  if (summary.interactions === 0)
    missing.push('No interaction was captured with these signals: find the traces behind them.');
  if (summary.versions.model.length === 0)
    missing.push('The model version is not known: the telemetry does not carry it.');
  if (summary.versions.prompt.length === 0)
    missing.push(
      'The prompt version is not known: send “versions.prompt” along, or look at the deployments of the time.',
    );
  if (summary.subjects.length === 0 && !candidate.probe)
    missing.push('Nobody knows how many people met it: the telemetry names no subjects.');
  if (candidate.archetype === 'misinformation-cascade' && summary.channels['output-filter'] === undefined)
    missing.push('The answers people complain about were not checked against the sources: open the traces.');
  if (summary.channels.feedback === undefined)
    missing.push('No user has complained yet: ask support whether anybody called.');
  if (candidate.feature === null) missing.push('The feature is not known, so only the whole system could be stopped.');
  return missing;
}
