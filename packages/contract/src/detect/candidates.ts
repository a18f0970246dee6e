import type { Candidate, EarlyReading, Page, Related, Summary, ToldChannel } from '@firebreak/core/detect/candidates';
import { CANDIDATE_STATES, DISMISSALS, LATE_DECISIONS, PAGE_CAUSES } from '@firebreak/core/detect/candidates';
import { ARCHETYPES, CHANNELS } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Axes } from '../prepare/rubric.ts';
import { Actor, At } from '../shapes.ts';
import { candidateId, incidentId, signalId, systemKey } from './interactions.ts';
import { mark, pagesAlone, signalWithLife } from './signals.ts';

const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const count = z.number();

export const summary = z
  .object({
    count,
    signals: z.array(signalId).readonly(),
    firstAt: At,
    lastAt: At,
    heardAt: At,
    channels: z.partialRecord(z.enum(CHANNELS), count),
    evidence: z.object({ verified: count, strong: count, weak: count }),
    detectors: z.record(z.string(), count),
    archetypes: z.partialRecord(z.enum(ARCHETYPES), count),
    subjects: z.array(z.string()).readonly(),
    interactions: count,
    versions: z.object({
      prompt: z.array(z.string()).readonly(),
      model: z.array(z.string()).readonly(),
      index: z.array(z.string()).readonly(),
      tools: z.array(z.string()).readonly(),
    }),
    quotes: z.array(z.string()).readonly(),
    severityHint: severity.nullable(),
    deployments: z.array(z.string()).readonly(),
    pagesAlone: z.array(pagesAlone).readonly().optional(),
  })
  .meta({ id: 'SignalSummary' }) satisfies z.ZodType<Summary>;

const related = z.object({ candidate: candidateId, score: z.number(), why: z.string() }) satisfies z.ZodType<Related>;

const axisName = z.enum(['harm', 'reach', 'data', 'regulatory', 'autonomy', 'control']);

export const earlyReading = z
  .object({
    axes: Axes,
    call: z.object({
      severity,
      rules: z.array(z.string()).readonly(),
      reasons: z.array(z.string()).readonly(),
      provisional: z.boolean(),
      worstCase: severity,
      unknown: z.array(axisName).readonly(),
      couldBe: z.array(z.string()).readonly(),
    }),
    because: z.array(z.string()).readonly(),
    missing: z.array(z.string()).readonly(),
  })
  .meta({ id: 'EarlyReading' }) satisfies z.ZodType<EarlyReading>;

export const toldChannel = z.object({ id: z.string(), name: z.string() }) satisfies z.ZodType<ToldChannel>;

export const page = z
  .object({
    page: z.number(),
    at: At,
    severity,
    cause: z.enum(PAGE_CAUSES),
    because: z.string(),
    to: z
      .array(toldChannel)
      .readonly()
      .nullable()
      .describe('null: not worked out yet; empty: nobody could be told, no channel is subscribed'),
    handed: z.array(z.object({ to: z.string(), at: At, taken: z.boolean(), says: z.string() })).readonly(),
  })
  .meta({ id: 'CandidatePage' }) satisfies z.ZodType<Page>;

export const candidate = z
  .object({
    id: candidateId,
    state: z.enum(CANDIDATE_STATES),
    title: z.string(),
    system: z.string(),
    feature: z.string().nullable(),
    archetype: z.enum(ARCHETYPES).nullable(),
    probe: z.boolean(),
    openedAt: At,
    coheredAt: At.nullable(),
    coheredBecause: z.string().nullable(),
    changedAt: At,
    summary,
    reasons: z.array(z.string()).readonly().describe('why these signals are believed to belong together'),
    related: z.array(related).readonly().describe('other candidates that may be the same event'),
    splitFrom: candidateId.nullable(),
    splitInto: z.array(candidateId).readonly(),
    absorbed: z.array(candidateId).readonly(),
    mergedInto: candidateId.nullable(),
    incident: incidentId.nullable(),
    ended: z
      .object({ at: At, by: Actor, as: z.enum([...DISMISSALS, 'near-miss']).nullable(), reason: z.string() })
      .nullable(),
    pages: z.array(page).readonly().describe('every time somebody was told, latest last'),
    acknowledged: z.object({ at: At, by: Actor, page: z.number() }).nullable(),
    pagedAt: z.object({ severity, deployments: z.array(z.string()).readonly() }).nullable(),
    closedAt: At.nullable(),
    easedAt: At.nullish().describe('when its incident was contained or resolved'),
    mark: mark.nullable().describe('made on purpose, for a drill or a simulation; counts in no figure'),
    parent: z
      .object({
        candidate: candidateId,
        system: z.string(),
        because: z.string(),
        proposedAt: At,
        decided: z.object({ at: At, by: Actor, accepted: z.boolean(), reason: z.string() }).nullable(),
      })
      .nullable()
      .describe('the candidate of a system it depends on that began first'),
    late: z
      .object({
        summary,
        lastAt: At,
        reasons: z.array(z.string()).readonly(),
        decided: z.object({ at: At, by: Actor, as: z.enum(LATE_DECISIONS), reason: z.string() }).nullable(),
      })
      .nullable()
      .describe('what people told after its incident was closed, or what was seen again while that was open'),
  })
  .meta({ id: 'Candidate' }) satisfies z.ZodType<Candidate>;

/** A candidate as the list shows it, with the early reading worked out now. */
export const candidateRow = candidate.extend({ early: earlyReading }).meta({ id: 'CandidateRow' });

const params = z.object({ candidate: candidateId });
const reason = z.string().trim().min(3).max(1_000);

export const candidates = {
  listCandidates: endpoint({
    method: 'GET',
    path: '/api/v1/candidates',
    tag: 'Candidates',
    summary: 'Candidates, those that changed last first',
    may: 'read',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().max(200).optional(),
      state: z.enum(['open', 'all', ...CANDIDATE_STATES]).default('open'),
      system: systemKey.optional(),
    }),
    answer: z.object({ items: z.array(candidateRow), next: z.string().nullable(), open: z.int() }),
  }),
  readCandidate: endpoint({
    method: 'GET',
    path: '/api/v1/candidates/:candidate',
    tag: 'Candidates',
    summary: 'One candidate: why its signals belong together, early severity with its reasons, what is missing',
    may: 'read',
    params,
    answer: candidateRow.extend({
      signals: z.array(signalWithLife).describe('the latest 50'),
      history: z.array(z.object({ at: At, by: Actor, says: z.string() })),
    }),
    refusals: ['candidate.unknown'],
  }),
  previewDeclaration: endpoint({
    method: 'GET',
    path: '/api/v1/candidates/:candidate/declaration',
    tag: 'Candidates',
    summary: 'What a declaration from this candidate would be filled in with',
    may: 'read',
    params,
    answer: z.object({
      title: z.string(),
      summary: z.string(),
      system: z.string(),
      feature: z.string().nullable(),
      archetype: z.enum(ARCHETYPES).nullable(),
      early: earlyReading,
      startedAt: At.describe('the first thing observed'),
      detectedAt: At.describe('when the first signal was recorded'),
    }),
    refusals: ['candidate.unknown'],
  }),
  dismissCandidate: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/dismiss',
    tag: 'Candidates',
    summary: 'Say that a candidate is no incident, and why',
    may: 'candidate.judge',
    params,
    body: z.object({ as: z.enum(DISMISSALS), reason }),
    answer: candidate,
    refusals: ['candidate.unknown', 'candidate.ended'],
  }),
  mergeCandidates: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/merge',
    tag: 'Candidates',
    summary: 'Say that a candidate is the same event as another one: its signals go over to that one',
    may: 'candidate.judge',
    params,
    body: z.object({ into: candidateId, reason }),
    answer: candidate.describe('the candidate that now holds the signals of both'),
    refusals: ['candidate.unknown', 'candidate.ended', 'candidate.cannot-merge'],
  }),
  splitCandidate: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/split',
    tag: 'Candidates',
    summary: 'Say that some of its signals are another event: they become a candidate of their own',
    may: 'candidate.judge',
    params,
    body: z.object({
      signals: z.array(signalId).min(1).max(500),
      title: z.string().trim().min(3).max(200).optional(),
      reason,
    }),
    answer: candidate.describe('the new candidate'),
    refusals: ['candidate.unknown', 'candidate.ended', 'candidate.cannot-split'],
  }),
  unmergeCandidate: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/unmerge',
    tag: 'Candidates',
    summary: 'Take a merge back: its signals return to it, and the two are kept apart from now on',
    may: 'candidate.judge',
    params,
    body: z.object({ reason }),
    answer: candidate.describe('the candidate that stands for itself again'),
    refusals: ['candidate.unknown', 'candidate.cannot-undo'],
  }),
  unsplitCandidate: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/unsplit',
    tag: 'Candidates',
    summary: 'Take a split back: its signals return where they were, and what the split taught is forgotten',
    may: 'candidate.judge',
    params,
    body: z.object({ reason }),
    answer: candidate.describe('the candidate that holds them all again'),
    refusals: ['candidate.unknown', 'candidate.ended', 'candidate.cannot-undo', 'candidate.cannot-merge'],
  }),
  decideParent: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/parent',
    tag: 'Candidates',
    summary: 'Say whether it follows from the candidate that was proposed',
    may: 'candidate.judge',
    params,
    body: z.object({ accepted: z.boolean(), reason }),
    answer: candidate,
    refusals: ['candidate.unknown', 'candidate.no-parent'],
  }),
  lateReports: endpoint({
    method: 'GET',
    path: '/api/v1/late-reports',
    tag: 'Candidates',
    summary:
      'What people told after an incident was closed, or was seen again while it is open; without an incident, what nobody has looked at',
    may: 'read',
    query: z.object({ incident: incidentId.optional() }),
    answer: z.object({ candidates: z.array(candidate) }),
  }),
  setAside: endpoint({
    method: 'GET',
    path: '/api/v1/set-aside',
    tag: 'Candidates',
    summary: 'Signals that could not be grouped, the latest 50, and why',
    may: 'read',
    answer: z.object({
      count: z.int(),
      signals: z.array(
        z.object({
          signal: signalId,
          system: z.string(),
          detector: z.string(),
          text: z.string(),
          receivedAt: At,
          at: At.describe('when it failed last'),
          why: z.string(),
        }),
      ),
    }),
  }),
  tryAgain: endpoint({
    method: 'POST',
    path: '/api/v1/set-aside/again',
    tag: 'Candidates',
    summary: 'Try to group again all that was set aside',
    may: 'monitor.edit',
    answer: z.object({ tried: z.int() }),
  }),
  decideLate: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/late',
    tag: 'Candidates',
    summary: 'Say what became of the late reports',
    may: 'candidate.judge',
    params,
    body: z.object({ as: z.enum(LATE_DECISIONS), reason }),
    answer: candidate,
    refusals: ['candidate.unknown', 'candidate.no-late-reports'],
  }),
};

type Same<A, B> = [A, B] extends [B, A] ? true : never;
export const candidateIsCore: [
  Same<z.output<typeof candidate>, Candidate>,
  Same<z.output<typeof earlyReading>, EarlyReading>,
] = [true, true];
