import type { Asked, Decision, Id, Instant } from '../../kernel/index.ts';
import { msBetween, refuse } from '../../kernel/index.ts';
import { type SeverityTable, SHIPPED_TABLE } from '../../prepare/rubric/index.ts';
import type { Signal, SignalId } from '../signals/index.ts';
import type { Candidate } from './candidate.ts';
import { foldCandidateFact, isOpen, takesSignals } from './candidate.ts';
import { earlyReading } from './early.ts';
import type { CandidateFact, CandidateId, Dismissal, IncidentStands, Summary } from './facts.ts';
import type { Placement } from './grouping.ts';
import { joinSummaries, summarise } from './summary.ts';

/** Why these signals are one event by their number and kind, or null while that is not sure. */
export function coherence(summary: Summary): string | null {
  if (summary.evidence.verified > 0) return 'one finding proves itself';
  if (summary.pagesAlone !== undefined) return 'one signal is of a source that may page alone';
  if (Object.keys(summary.channels).length >= 2 && summary.count >= 2)
    return 'seen through two channels that do not know of each other';
  if (summary.evidence.strong > 0 && Object.keys(summary.detectors).length >= 2)
    return 'a finding that is rarely wrong, and a second of another detector';
  return summary.count >= 3 ? `${summary.count} signals agree` : null;
}

/** How long signals wait for companions, and a severity that just moved for the next signal. */
export const COMPANIONS_MS = 60_000;

/** How grave the signals read, with the table that is adopted. */
const levelOf = (candidate: Candidate, summary: Summary, table: SeverityTable) =>
  earlyReading({ ...candidate, summary }, table).call.severity;

/**
 * Why a candidate coheres now, or null. Beside number and kind its severity stands still: the last signal did not move it,
 * it has been quiet for a minute, or one signal is enough: it proves itself, or its source may page alone.
 */
function coheres(candidate: Candidate, before: Summary | null, now: Instant, table: SeverityTable): string | null {
  if (candidate.coheredAt !== null || !isOpen(candidate)) return null;
  const because = coherence(candidate.summary);
  const { evidence, pagesAlone } = candidate.summary;
  if (because === null || evidence.verified > 0 || pagesAlone !== undefined) return because;
  const quiet = msBetween(candidate.summary.heardAt, now) >= COMPANIONS_MS;
  if (quiet) return because;
  if (before === null) return null;
  return levelOf(candidate, before, table) === levelOf(candidate, candidate.summary, table) ? because : null;
}

/** Records what a pass of the grouping placed here: opened or joined, and cohered where it now does. */
export function place(
  candidate: Candidate | null,
  want: Omit<Placement, 'profile'>,
  asked: Asked,
  table: SeverityTable = SHIPPED_TABLE,
): Decision<CandidateFact> {
  const first = want.members[0];
  if (first === undefined) return [];
  const added = summarise(want.members);
  const facts: CandidateFact[] = [];
  if (candidate === null) {
    facts.push({
      type: 'candidate.opened',
      data: {
        candidate: want.candidate,
        title: want.opens?.title ?? first.text.slice(0, 140),
        system: first.system,
        feature: first.feature,
        archetype: want.members.find((s) => s.archetype !== null)?.archetype ?? null,
        probe: first.channel === 'probe',
        ...(first.mark !== undefined && { mark: first.mark }),
        summary: added,
        reasons: want.reasons,
        related: want.opens?.related ?? [],
        splitFrom: null,
      },
    });
  } else {
    if (!takesSignals(candidate, asked.at))
      return refuse('candidate.ended', `This candidate is ${candidate.state} and takes no more signals.`);
    facts.push({
      type: 'candidate.joined',
      data: { candidate: want.candidate, added, by: want.by, score: want.score, reasons: want.reasons },
    });
  }
  const without = want.members.length > 1 ? summarise(want.members.slice(0, -1)) : null;
  const held = candidate?.summary ?? null;
  const before = held === null || without === null ? (held ?? without) : joinSummaries(held, without);
  const after = facts.reduce<Candidate | null>(
    (state, fact) => foldCandidateFact(state, { ...fact, ...asked, seq: 0, version: 0, stream: want.candidate }),
    candidate,
  )!;
  const because = coheres(after, before, asked.at, table);
  if (because !== null) facts.push({ type: 'candidate.cohered', data: { candidate: want.candidate, because } });
  return facts;
}

/** What time alone makes of a candidate: the severity stood still long enough. */
export function settle(candidate: Candidate | null, asked: Asked, table: SeverityTable): Decision<CandidateFact> {
  if (candidate === null) return [];
  const because = coheres(candidate, null, asked.at, table);
  return because === null ? [] : [{ type: 'candidate.cohered', data: { candidate: candidate.id, because } }];
}

const unknown = () => refuse('candidate.unknown', 'There is no such candidate.');
const ended = (candidate: Candidate) =>
  refuse(
    'candidate.ended',
    `This candidate is already ${candidate.state}; ${candidate.incident ? `see ${candidate.incident}` : 'nothing can be changed about it'}.`,
  );

export function dismiss(
  candidate: Candidate | null,
  want: { as: Dismissal; reason: string },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null) return unknown();
  if (candidate.state === 'dismissed') return [];
  if (!isOpen(candidate)) return ended(candidate);
  return [{ type: 'candidate.dismissed', data: { candidate: candidate.id, as: want.as, reason: want.reason } }];
}

/** It became an incident. Idempotent for the same incident. */
export function promote(
  candidate: Candidate | null,
  want: { incident: Id<'inc'>; kind?: 'near-miss' },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null) return unknown();
  if (candidate.state === 'promoted' && candidate.incident === want.incident) return [];
  if (!isOpen(candidate)) return ended(candidate);
  return [{ type: 'candidate.promoted', data: { candidate: candidate.id, ...want } }];
}

/** Its incident was contained or resolved, or goes on again. */
export function followIncident(
  candidate: Candidate | null,
  want: { incident: Id<'inc'>; to: IncidentStands },
): Decision<CandidateFact> {
  if (candidate === null || candidate.state !== 'promoted' || candidate.incident !== want.incident) return [];
  if ((want.to === 'open') === (candidate.easedAt == null)) return [];
  return [{ type: 'candidate.incident-moved', data: { candidate: candidate.id, ...want } }];
}

/** Its incident was closed; what comes after is a late report. */
export function close(
  candidate: Candidate | null,
  want: { incident: Id<'inc'> },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null || candidate.state !== 'promoted' || candidate.incident !== want.incident) return [];
  return [{ type: 'candidate.closed', data: { candidate: candidate.id, incident: want.incident } }];
}

/** Its own side of a merge; `absorb` is the other. */
export function merge(
  candidate: Candidate | null,
  want: { into: Candidate | null; reason: string },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null || want.into === null) return unknown();
  if (candidate.state === 'merged' && candidate.mergedInto === want.into.id) return [];
  if (!isOpen(candidate)) return ended(candidate);
  if (!isOpen(want.into) || want.into.id === candidate.id)
    return refuse(
      'candidate.cannot-merge',
      want.into.id === candidate.id
        ? 'A candidate cannot be merged into itself.'
        : `The other candidate is already ${want.into.state}.`,
      '/into',
    );
  if (want.into.system !== candidate.system || want.into.probe !== candidate.probe || want.into.mark !== candidate.mark)
    return refuse(
      'candidate.cannot-merge',
      'Candidates of different systems, of probes and real use, or of drills, stay apart; relate them in an incident instead.',
      '/into',
    );
  return [
    {
      type: 'candidate.merged',
      data: { candidate: candidate.id, into: want.into.id, summary: candidate.summary, reason: want.reason },
    },
  ];
}

export function absorb(
  candidate: Candidate | null,
  want: { from: CandidateId; summary: Summary; reason: string; pagedAt?: 1 | 2 | 3 | 4 },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null) return unknown();
  if (candidate.absorbed.includes(want.from)) return [];
  if (!isOpen(candidate)) return ended(candidate);
  return [
    {
      type: 'candidate.absorbed',
      data: {
        candidate: candidate.id,
        from: want.from,
        added: want.summary,
        reason: want.reason,
        ...(want.pagedAt !== undefined && { pagedAt: want.pagedAt }),
      },
    },
  ];
}

/** Its own side of a split; `openSplit` is the other. `members` are all its signals that are still kept. */
export function split(
  candidate: Candidate | null,
  want: { into: CandidateId; signals: readonly SignalId[]; members: readonly Signal[]; reason: string },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null) return unknown();
  if (!isOpen(candidate)) return ended(candidate);
  const leaving = new Set(want.signals);
  const stay = want.members.filter((s) => !leaving.has(s.id));
  const strangers = want.signals.filter((id) => !want.members.some((s) => s.id === id));
  if (strangers.length > 0)
    return refuse('candidate.cannot-split', `${strangers[0]} does not belong to this candidate.`, '/signals');
  if (stay.length === 0) return refuse('candidate.cannot-split', 'At least one signal must stay.', '/signals');
  return [
    {
      type: 'candidate.split',
      data: {
        candidate: candidate.id,
        into: want.into,
        signals: [...leaving],
        left: summarise(stay),
        reason: want.reason,
      },
    },
  ];
}

export function openSplit(
  existing: Candidate | null,
  want: { candidate: CandidateId; from: Candidate; members: readonly Signal[]; title: string; reason: string },
  _asked: Asked,
): Decision<CandidateFact> {
  if (existing !== null) return [];
  const summary = summarise(want.members);
  const opened: CandidateFact = {
    type: 'candidate.opened',
    data: {
      candidate: want.candidate,
      title: want.title,
      system: want.from.system,
      feature: want.members.find((s) => s.feature !== null)?.feature ?? null,
      archetype: want.members.find((s) => s.archetype !== null)?.archetype ?? null,
      probe: want.from.probe,
      ...(want.from.mark !== null && { mark: want.from.mark }),
      summary,
      reasons: [`split off by hand: ${want.reason}`],
      related: [],
      splitFrom: want.from.id,
    },
  };
  const because = coherence(summary);
  return because === null
    ? [opened]
    : [opened, { type: 'candidate.cohered', data: { candidate: want.candidate, because } }];
}
