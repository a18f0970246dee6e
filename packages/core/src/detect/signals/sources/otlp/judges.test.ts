import { describe, expect, it } from 'vitest';
import { instant } from '../../../../kernel/index.ts';
import { evaluationsFromSpans, interactionsFromSpans, type OtlpReading, readOtlpJson } from '../../index.ts';

const HERE = 'a'.repeat(32);
const THERE = 'b'.repeat(32);
const idOf = (id: string): string => id.padStart(16, '0');
const NOW = instant('2026-11-20T12:00:00.000Z');

interface Given {
  readonly id: string;
  readonly parent?: string;
  /** From when to when, milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly has?: Readonly<Record<string, string>>;
  readonly links?: readonly (readonly [trace: string, span: string])[];
  /** An evaluation stands on it. */
  readonly judged?: true;
}
const attributes = (of: Readonly<Record<string, string>>) =>
  Object.entries(of).map(([key, stringValue]) => ({ key, value: { stringValue } }));
const time = (ms: number): string => `${1_795_180_000_000 + ms}000000`;
const SAYS = { 'gen_ai.evaluation.name': 'Relevance', 'gen_ai.evaluation.score.label': 'fail' };
const spans = (given: readonly Given[]) =>
  (
    readOtlpJson({
      resourceSpans: [
        {
          resource: { attributes: attributes({ 'service.name': 'bot' }) },
          scopeSpans: [
            {
              spans: given.map(({ id, parent, from, to, has, links, judged }) => ({
                traceId: HERE,
                spanId: idOf(id),
                ...(parent !== undefined && { parentSpanId: idOf(parent) }),
                startTimeUnixNano: time(from),
                endTimeUnixNano: time(to),
                attributes: attributes(has ?? {}),
                ...(links && { links: links.map(([traceId, spanId]) => ({ traceId, spanId: idOf(spanId) })) }),
                ...(judged && { events: [{ name: 'gen_ai.evaluation.result', attributes: attributes(SAYS) }] }),
              })),
            },
          ],
        },
      ],
    }) as OtlpReading
  ).spans;

const call = (model: string, response: string) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.response.model': model,
  'gen_ai.response.id': response,
});
const EVALUATOR = { 'openinference.span.kind': 'EVALUATOR' };
const answer: Given = { id: 'a', parent: 'root', from: 0, to: 100, has: call('m-1', 'r-a') };

/** What an evaluation speaks of, as `trace span response`, and which answers were made by judges. */
function told(given: readonly Given[]) {
  const read = spans(given);
  const { said } = evaluationsFromSpans(read, 'unnamed', NOW);
  return {
    of: said.map(({ traceId, spanId, responseId }) =>
      [traceId === HERE ? 'here' : 'there', spanId?.replace(/^0+/, ''), responseId].join(' '),
    ),
    judges: interactionsFromSpans(read, 'unnamed', NOW)
      .filter((it) => it.judge === true)
      .map(({ responseId }) => responseId),
  };
}

describe('an evaluation', () => {
  it('speaks of the span it stands on, as the conventions have it', () => {
    expect(told([{ ...answer, judged: true }])).toEqual({ of: ['here a r-a'], judges: [] });
    // Also beneath a call that wraps it, and after one that only came before.
    const after: Given = { id: 'b', parent: 'root', from: 110, to: 150, has: call('m-2', 'r-b'), judged: true };
    expect(told([answer, after])).toEqual({ of: ['here b r-b'], judges: [] });
    const wrapped: Given = { ...after, parent: 'a', from: 20, to: 90 };
    expect(told([answer, wrapped])).toEqual({ of: ['here b r-b'], judges: [] });
  });

  it('on a call of another model beneath one that had answered, speaks of that one', () => {
    const judge: Given = { id: 'j', parent: 'a', from: 110, to: 150, has: call('judge-1', 'r-j'), judged: true };
    expect(told([answer, judge])).toEqual({ of: ['here a r-a'], judges: ['r-j'] });
    const between = [answer, { id: 'e', parent: 'a', from: 105, to: 160 }, { ...judge, parent: 'e' }];
    expect(told(between)).toEqual({ of: ['here a r-a'], judges: ['r-j'] });
    // The same model, or one of its versions, may as well be the next step: what it stands on is judged.
    for (const model of ['m-1', 'M-1-2026-01-01'])
      expect(told([answer, { ...judge, has: call(model, 'r-j') }])).toEqual({ of: ['here j r-j'], judges: [] });
    // Without an evaluation it is a step like any other.
    const { judged: _, ...step } = judge;
    expect(told([answer, step])).toEqual({ of: [], judges: [] });
  });

  it('on a call that is linked to another one of its trace, speaks of that one, unless there are two', () => {
    const judge: Given = { id: 'j', from: 210, to: 250, has: call('judge-1', 'r-j'), judged: true };
    const other: Given = { id: 'b', from: 110, to: 150, has: call('m-2', 'r-b') };
    const linked = (...to: [string, string][]) => told([answer, other, { ...judge, links: to }]);
    expect(linked([HERE, 'a'])).toEqual({ of: ['here a r-a'], judges: ['r-j'] });
    expect(linked([HERE, 'a'], [HERE, 'a'])).toEqual({ of: ['here a r-a'], judges: ['r-j'] });
    expect(linked([HERE, 'a'], [HERE, 'b'])).toEqual({ of: ['here j '], judges: ['r-j'] });
    // A link to what is no call here says nothing of who judges.
    expect(linked([THERE, 'a'])).toEqual({ of: ['here j r-j'], judges: [] });
    const above = told([answer, other, { ...judge, parent: 'b', links: [[HERE, 'a']] }]);
    expect(above).toEqual({ of: ['here j '], judges: ['r-j'] });
  });

  it('in the work of what says that it evaluates, speaks of what that is linked to, or hangs beneath', () => {
    const evaluator: Given = { id: 'e', from: 110, to: 160, has: EVALUATOR, judged: true };
    const judge: Given = { id: 'j', parent: 'e', from: 120, to: 150, has: call('m-1', 'r-j') };
    expect(told([answer, { ...evaluator, links: [[THERE, 'x']] }, judge])).toEqual({
      of: ['there x '],
      judges: ['r-j'],
    });
    expect(told([answer, { ...evaluator, parent: 'a' }, judge])).toEqual({ of: ['here a r-a'], judges: ['r-j'] });
    // Whose parent came with another request: it may be the call.
    expect(told([{ ...evaluator, parent: 'a' }, judge])).toEqual({ of: ['here a '], judges: ['r-j'] });
    const two: Given = {
      ...evaluator,
      links: [
        [HERE, 'a'],
        [THERE, 'x'],
      ],
    };
    expect(told([answer, two, judge])).toEqual({ of: ['here e '], judges: ['r-j'] });
    const inside: Given = { ...judge, judged: true };
    const { judged: _, ...mute } = evaluator;
    expect(told([answer, { ...mute, links: [[HERE, 'a']] }, inside])).toEqual({ of: ['here a r-a'], judges: ['r-j'] });
    expect(told([mute, inside])).toEqual({ of: ['here j '], judges: ['r-j'] });
  });

  it.each([
    { 'langfuse.observation.type': 'evaluator' },
    { 'mlflow.spanType': '"EVALUATOR"' },
    { 'gen_ai.operation.name': 'evaluate' },
  ])('knows the work of a judge by %o', (has: Record<string, string>) => {
    const judge: Given = { id: 'j', parent: 'e', from: 120, to: 150, has: call('m-1', 'r-j') };
    expect(told([{ id: 'e', from: 110, to: 160, has }, judge]).judges).toEqual(['r-j']);
  });

  it('on a span that calls nothing, speaks of the one it is linked to', () => {
    const check: Given = { id: 'c', from: 110, to: 120, judged: true, links: [[THERE, 'x']] };
    expect(told([check]).of).toEqual(['there x ']);
    expect(told([{ ...check, links: [] }]).of).toEqual(['here c ']);
    expect(
      told([
        {
          ...check,
          links: [
            [THERE, 'x'],
            [THERE, 'y'],
          ],
        },
      ]).of,
    ).toEqual(['here c ']);
  });
});

describe('a call beneath one that had answered before', () => {
  const read = (given: readonly Given[]) => interactionsFromSpans(spans(given), 'unnamed', NOW);
  const texts = (output: string) => ({
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', content: output }]),
  });
  it('leaves it an answer of its own, and takes nothing of what it said', () => {
    const next: Given = { id: 'b', parent: 'a', from: 110, to: 150, has: call('m-1', 'r-b') };
    const both = [{ ...answer, has: { ...answer.has, ...texts('Friday.') } }, next];
    expect(read(both).map(({ responseId, output }) => [responseId, output])).toEqual([
      ['r-a', 'Friday.'],
      ['r-b', null],
    ]);
    // One that was still at work wraps it, and so does one that says nothing of an answer.
    expect(read([both[0]!, { ...next, from: 20, to: 90 }])).toHaveLength(1);
    const { 'gen_ai.response.id': _, ...mute } = answer.has as Record<string, string>;
    expect(read([{ ...answer, has: mute }, next])).toHaveLength(1);
  });
});
