import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import type { Candidate } from '../candidates/index.ts';
import { inspect, signalOf } from '../detectors/index.ts';
import { compare } from '../evals/index.ts';
import { judge, USUAL_WATCHES } from '../measures/index.ts';
import { readItems } from '../monitors/index.ts';
import type { Interaction, Message, Passage, ToolCall } from '../signals/index.ts';
import { markOf } from '../signals/index.ts';
import {
  drillMark,
  dueForDrill,
  errorSteps,
  type FireDrill,
  foldFireDrill,
  isMessage,
  KNOWN_FAILURES,
  runsOf,
  sendsOf,
  sentFireDrill,
  startFireDrill,
  statusPageOf,
} from './index.ts';

const BEGIN = instant('2026-11-20T10:00:00.000Z');
const at = (seconds: number) => addMs(BEGIN, seconds * 1_000);
const by = { kind: 'person', id: 'usr_1' } as const;
const AIDS = { digest: (text: string) => `#${text.length}`, hosts: [] };

/** As the intake would keep it. */
function kept(body: Readonly<Record<string, unknown>>): Interaction {
  return {
    id: 'int_1',
    givenId: String(body.id),
    system: 'bot',
    at: BEGIN,
    receivedAt: BEGIN,
    feature: null,
    deployment: null,
    versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    provider: null,
    session: null,
    subject: null,
    country: null,
    traceId: null,
    spanId: null,
    responseId: null,
    input: [{ role: 'user', content: String(body.input) }] satisfies Message[],
    output: String(body.output),
    retrieved: (body.retrieved as Passage[] | undefined) ?? null,
    toolCalls:
      ((body.toolCalls as Omit<ToolCall, 'id'>[] | undefined) ?? null)?.map((call) => ({ id: null, ...call })) ?? null,
    tokens: { input: null, output: null },
    latencyMs: null,
    error: null,
    verdict: null,
    sources: ['api'],
  };
}

describe('a known failure', () => {
  it.each(KNOWN_FAILURES.map((failure) => [failure.key, failure] as const))(
    '%s is seen by its detector, and everything of it is marked',
    (_key, failure) => {
      const sends = sendsOf(failure, 'drill:fdr_1', 'bot').filter(isMessage);
      for (const { body } of sends) expect(markOf(String(body.id))).toBe('drill:fdr_1');
      const found = sends
        .filter(({ door }) => door === 'interactions')
        .flatMap(({ body }) => inspect(kept(body), AIDS).map((finding) => signalOf(finding, kept(body), AIDS)));
      if (failure.detector === null) return;
      expect(found.map(({ detector }) => detector)).toContain(failure.detector);
      const own = found.find(({ detector }) => detector === failure.detector)!;
      expect(own).toMatchObject({ mark: 'drill:fdr_1', archetype: failure.archetype });
      expect(own.evidenceClass).not.toBe('weak');
    },
  );

  it('posts no signal that proves itself, and only complaints are signals at all', () => {
    for (const failure of KNOWN_FAILURES)
      for (const send of failure.sends.filter(isMessage).filter(({ door }) => door === 'signals'))
        expect(send.body).toMatchObject({ channel: 'feedback', evidenceClass: 'weak' });
  });

  it('is one for the rules of its kind as well: a status page, minutes of errors, a run', () => {
    for (const send of KNOWN_FAILURES.flatMap(({ sends }) => sends)) {
      if (isMessage(send)) continue;
      if (send.door === 'status-page') {
        const items = readItems('status-page', { json: statusPageOf(send.incident, 'drill:fdr_1', BEGIN) }, null);
        expect(items).toMatchObject([{ guid: 'drill:fdr_1', status: { over: false, impact: 'critical' } }]);
      } else if (send.door === 'error-watch') {
        const steps = errorSteps(send.minutes, BEGIN);
        expect(steps.at(-1)!.minute).toBe('2026-11-20T09:59');
        const { rule } = USUAL_WATCHES.find(({ usual }) => usual === 'errors')!;
        const about = { title: 'Errors', kind: 'rate', unit: '' } as const;
        const raised = judge(rule, about, null, steps).events;
        expect(raised).toMatchObject([{ type: 'raised', since: '2026-11-20T09:50' }]);
        const quiet = errorSteps({ ...send.minutes, failing: 0 }, BEGIN);
        expect(judge(rule, about, null, quiet).events).toEqual([]);
      } else {
        const { before, now } = runsOf(send.drop);
        expect(compare(now, before, { tolerated: 0.05, seed: 0, suites: 1 })).toMatchObject({
          verdict: 'regressed',
          gained: [],
        });
      }
    }
  });

  it.each([
    ['drill:fdr_7/2', 'drill:fdr_7'],
    ['simulated:x', 'simulated:x'],
    ['drill:', undefined],
    ['a drill:1', undefined],
    ['drilling:1', undefined],
    [null, undefined],
  ])('an id %j carries the mark %j', (id, mark) => expect(markOf(id)).toBe(mark));
});

describe('a fire drill', () => {
  const recorded = (facts: readonly AnyFact[], when = BEGIN, from = 0): Recorded[] =>
    facts.map((fact, i) => ({ ...fact, at: when, by, seq: 0, version: from + i + 1, stream: 'fdr_1' }));
  const want = { drill: 'fdr_1', system: 'bot', failure: 'leaked-secret' } as const;
  const begun = (): FireDrill => {
    const started = startFireDrill(null, want, false);
    if (isRefusal(started)) throw new Error(started.why);
    const facts = recorded(started);
    const sent = sentFireDrill(foldFireDrill(facts), 1);
    if (isRefusal(sent)) throw new Error(sent.why);
    return foldFireDrill([...facts, ...recorded(sent, at(1), 1)])!;
  };
  const page = (more: object = {}) => ({
    page: 1,
    at: at(3),
    severity: 2,
    cause: 'proves-itself',
    because: '',
    to: null,
    handed: [],
    ...more,
  });
  const candidate = (pages: object[]) =>
    ({ id: 'cnd_1', openedAt: at(2), coheredAt: at(2), pages }) as unknown as Candidate;
  const taken = (seconds: number) =>
    page({ to: [{ id: 'sub_1', name: 'x' }], handed: [{ to: 'sub_1', at: at(seconds), taken: true, says: '' }] });

  it.each([
    ['a channel has it in time', [taken(5)], 6, 'met'],
    ['a channel has it too late', [taken(400)], 401, 'late'],
    ['nobody can be told', [page({ to: [] })], 6, 'nobody-told'],
    ['it goes on', [page()], 6, null],
    ['nobody takes it', [page()], 600, 'nobody-told'],
    ['it pages nobody', [], 600, 'not-paged'],
    ['it is seen by nobody', null, 600, 'not-seen'],
  ] as const)('%s', (_name, pages, seconds, outcome) => {
    const seen = { candidate: pages === null ? null : candidate([...pages]), receivedAt: at(1), why: 'silenced' };
    const facts = dueForDrill(begun(), at(seconds), seen);
    if (isRefusal(facts)) throw new Error(facts.why);
    expect(facts[0]?.data.drill ? (facts[0].data as { outcome: string }).outcome : null).toBe(outcome);
  });

  it('ends once, and is refused where it makes no sense', () => {
    const drill = begun();
    const ended = dueForDrill(drill, at(6), { candidate: candidate([taken(5)]), receivedAt: at(1), why: null });
    const facts = [
      ...recorded(startFireDrill(null, want, false) as AnyFact[]),
      ...recorded(ended as AnyFact[], at(6), 1),
    ];
    expect(dueForDrill(foldFireDrill(facts)!, at(9), { candidate: null, receivedAt: null, why: null })).toEqual([]);
    expect(drillMark('fdr_1')).toBe('drill:fdr_1');
    expect(startFireDrill(null, { ...want, failure: 'none' }, false)).toMatchObject({
      refused: 'fire-drill.unknown-failure',
    });
    expect(startFireDrill(null, want, true)).toMatchObject({ refused: 'fire-drill.running' });
    expect(sentFireDrill(drill, 1)).toEqual([]);
  });
});
