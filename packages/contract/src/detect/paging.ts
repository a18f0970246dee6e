import { type Condition, LONGEST_SILENCE_MS, type Silence } from '@firebreak/core/detect/paging';
import { ARCHETYPES, CHANNELS } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Moment } from '../shapes.ts';
import { candidate, page, toldChannel } from './candidates.ts';
import { candidateId, systemKey } from './interactions.ts';
import { signal } from './signals.ts';

const reason = z.string().trim().min(3).max(1_000);
const word = z.string().trim().min(1).max(256);

export const hindrance = z
  .object({
    kind: z.enum([
      'over',
      'told',
      'acknowledged',
      'no-channel',
      'forming',
      'companions',
      'one-key',
      'weak',
      'resolved',
      'silence',
      'condition',
      'alone',
    ]),
    says: z.string(),
    of: z.string().nullable().describe('the silence or condition it comes from'),
    signals: z.int().describe('signals it holds back; 0 where it is about the candidate'),
  })
  .meta({ id: 'PageHindrance' });

const why = z.object({
  paged: z.boolean(),
  says: z.string().describe('the answer in one sentence'),
  hindrances: z.array(hindrance),
  nextAt: At.nullable().describe('when it is looked at again though nothing comes in'),
});

const matchers = {
  system: systemKey.nullable().default(null),
  detector: word.nullable().default(null),
  archetype: z.enum(ARCHETYPES).nullable().default(null),
  channel: z.enum(CHANNELS).nullable().default(null),
  text: z.string().trim().min(2).max(200).nullable().default(null).describe('contained in the text of the signal'),
};

export const silence = z
  .object({
    id: id('sil'),
    system: z.string().nullable(),
    detector: z.string().nullable(),
    archetype: z.enum(ARCHETYPES).nullable(),
    channel: z.enum(CHANNELS).nullable(),
    text: z.string().nullable(),
    reason: z.string(),
    owner: z.string(),
    until: At,
    holdsSevOne: z.boolean(),
    setAt: At,
    setBy: Actor,
    over: z.object({ at: At, by: Actor, reason: z.string(), silenced: z.int() }).nullable(),
  })
  .meta({ id: 'Silence' }) satisfies z.ZodType<Silence>;
export const silenceRow = silence.extend({ silenced: z.int().describe('signals it held back so far') });
export type SilenceRow = z.output<typeof silenceRow>;

const whole = (most: number) => z.int().min(1).max(most);
export const conditionRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('n-of-m'), n: whole(100), m: whole(100), minutes: whole(1_440) }),
  z.object({ kind: z.literal('rate'), over: whole(100_000), minutes: whole(10_080) }),
  z.object({ kind: z.literal('warm-up'), observations: whole(1_000_000), days: whole(90) }),
]);
export const condition = z
  .object({
    id: id('con'),
    system: z.string().nullable(),
    detector: z.string().nullable(),
    kind: z.string().nullable(),
    rule: conditionRule,
    reason: z.string(),
    setAt: At,
    setBy: Actor,
    removed: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
  })
  .meta({ id: 'PageCondition' }) satisfies z.ZodType<Condition>;
export const conditionRow = condition.extend({
  says: z.string(),
  met: z.boolean().nullable().describe('now; null where it is about more than one system'),
  stands: z.string(),
});
export type ConditionRow = z.output<typeof conditionRow>;

const tag = 'Paging';
const silenceParams = z.object({ silence: id('sil') });
const conditionParams = z.object({ condition: id('con') });

export const paging = {
  why: endpoint({
    method: 'GET',
    path: '/api/v1/candidates/:candidate/why',
    tag,
    summary: 'Why somebody was, or was not, paged about a candidate: the same rule that pages',
    may: 'read',
    params: z.object({ candidate: candidateId }),
    answer: why.extend({
      candidate: candidateId,
      state: candidate.shape.state,
      pages: z.array(page).readonly(),
      channels: z.array(toldChannel).describe('who would be told of a page now'),
    }),
    refusals: ['candidate.unknown'],
  }),
  channels: endpoint({
    method: 'GET',
    path: '/api/v1/page-channels',
    tag,
    summary: 'Who would be told of a page now; empty: nobody',
    may: 'read',
    answer: z.object({ channels: z.array(toldChannel) }),
  }),
  whySignal: endpoint({
    method: 'GET',
    path: '/api/v1/signals/:signal/why',
    tag,
    summary: 'Why somebody was, or was not, paged about a signal',
    may: 'read',
    params: z.object({ signal: z.string().max(80) }),
    answer: why.extend({ signal: z.string(), candidate: candidateId.nullable() }),
    refusals: ['signal.unknown'],
  }),
  acknowledge: endpoint({
    method: 'POST',
    path: '/api/v1/candidates/:candidate/acknowledge',
    tag,
    summary: '“I am looking”: nobody is told again because nobody answered',
    may: 'candidate.judge',
    params: z.object({ candidate: candidateId }),
    answer: candidate,
    refusals: ['candidate.unknown', 'candidate.ended', 'candidate.not-paged'],
  }),
  silences: endpoint({
    method: 'GET',
    path: '/api/v1/silences',
    tag,
    summary: 'What is silenced and what was, and how many signals each held back',
    may: 'read',
    answer: z.object({ silences: z.array(silenceRow), longestMs: z.literal(LONGEST_SILENCE_MS) }),
  }),
  silence: endpoint({
    method: 'POST',
    path: '/api/v1/silences',
    tag,
    summary: 'Page nobody about some signals for a while; they are kept and grouped as always',
    may: 'candidate.judge',
    body: z.object({
      ...matchers,
      reason,
      owner: z.string().trim().min(2).max(120),
      until: Moment,
      holdsSevOne: z.boolean().default(false).describe('also a finding that proves itself and reads as Sev 1'),
    }),
    answer: z.object({ silence: silenceRow }),
    status: 201,
    refusals: ['silence.matches-all', 'silence.bad-expiry', 'silence.too-many'],
  }),
  extendSilence: endpoint({
    method: 'POST',
    path: '/api/v1/silences/:silence/extend',
    tag,
    summary: 'Let a silence last longer, within seven days from now',
    may: 'candidate.judge',
    params: silenceParams,
    body: z.object({ until: Moment, reason }),
    answer: z.object({ silence: silenceRow }),
    refusals: ['silence.unknown', 'silence.over', 'silence.bad-expiry'],
  }),
  endSilence: endpoint({
    method: 'POST',
    path: '/api/v1/silences/:silence/end',
    tag,
    summary: 'End a silence now',
    may: 'candidate.judge',
    params: silenceParams,
    body: z.object({ reason }),
    answer: z.object({ silence: silenceRow }),
    refusals: ['silence.unknown'],
  }),
  silencedSignals: endpoint({
    method: 'GET',
    path: '/api/v1/silences/:silence/signals',
    tag,
    summary: 'What a silence held back, newest first, with the candidates it stands in',
    may: 'read',
    params: silenceParams,
    answer: z.object({
      signals: z.array(z.object({ signal, candidate: candidateId.nullable() })).describe('the latest 100'),
    }),
    refusals: ['silence.unknown'],
  }),
  conditions: endpoint({
    method: 'GET',
    path: '/api/v1/conditions',
    tag,
    summary: 'When signals begin to count for a page',
    may: 'read',
    answer: z.object({ conditions: z.array(conditionRow) }),
  }),
  setCondition: endpoint({
    method: 'POST',
    path: '/api/v1/conditions',
    tag,
    summary: 'Let signals of a system, detector or kind count for a page only from some number on',
    may: 'monitor.edit',
    body: z.object({
      system: systemKey.nullable().default(null),
      detector: word.nullable().default(null),
      kind: word.nullable().default(null),
      rule: conditionRule,
      reason,
    }),
    answer: z.object({ condition: conditionRow }),
    status: 201,
    refusals: ['condition.matches-all', 'condition.bad-rule', 'condition.too-many'],
  }),
  changeCondition: endpoint({
    method: 'PUT',
    path: '/api/v1/conditions/:condition',
    tag,
    summary: 'Change from which number on',
    may: 'monitor.edit',
    params: conditionParams,
    body: z.object({ rule: conditionRule, reason }),
    answer: z.object({ condition: conditionRow }),
    refusals: ['condition.unknown', 'condition.bad-rule'],
  }),
  removeCondition: endpoint({
    method: 'DELETE',
    path: '/api/v1/conditions/:condition',
    tag,
    summary: 'Let them count from the first on',
    may: 'monitor.edit',
    params: conditionParams,
    body: z.object({ reason }),
    answer: z.object({}),
    refusals: ['condition.unknown'],
  }),
};
