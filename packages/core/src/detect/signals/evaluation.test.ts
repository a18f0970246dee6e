import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import type { EvaluationSaid } from './evaluation.ts';
import { evaluationKey, outcomeOf, signalOfEvaluation } from './evaluation.ts';
import { evaluationsFromLogs, evaluationsFromSpans } from './sources/otlp/evaluations.ts';
import { errorsInLogs } from './sources/otlp/from-logs.ts';
import type { LogRecord } from './sources/otlp/log.ts';
import type { AttributeValue, Span } from './sources/otlp/span.ts';

const NOW = instant('2026-11-20T10:00:00.000Z');
const NO_LINE = { passed: null, threshold: null, direction: 'increase' } as const;
const RECORD: LogRecord = {
  atMs: 1_795_860_000_000,
  severity: 9,
  severityText: '',
  body: null,
  attributes: new Map(),
  event: 'gen_ai.evaluation.result',
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  resource: new Map([['service.name', 'support-bot']]),
  scopeName: '',
};
const record = (attributes: Record<string, AttributeValue>, more: Partial<LogRecord> = {}): LogRecord => ({
  ...RECORD,
  attributes: new Map(Object.entries(attributes)),
  ...more,
});
const read = (attributes: Record<string, AttributeValue>, more: Partial<LogRecord> = {}) =>
  evaluationsFromLogs([record(attributes, more)], 'unnamed', NOW);

describe('the outcome of an evaluation', () => {
  it('is what the sender says, then a verdict, then its threshold, then a grade; a score alone says nothing', () => {
    expect(outcomeOf('Relevance', 0.9, 'pass', { ...NO_LINE, passed: false })).toBe('failed');
    expect(outcomeOf('Relevance', 0.9, 'pass', { ...NO_LINE, threshold: 0.95 })).toBe('passed');
    expect(outcomeOf('Relevance', 2, 'fair', { ...NO_LINE, threshold: 3 })).toBe('failed');
    expect(outcomeOf('Relevance', 3, null, { ...NO_LINE, threshold: 3 })).toBe('passed');
    expect(outcomeOf('Relevance', 4, null, { passed: null, threshold: 3, direction: 'decrease' })).toBe('failed');
    // Its own line is what the sender holds good, whatever it calls the grade.
    expect(outcomeOf('Relevance', 3, 'good', { ...NO_LINE, threshold: 4 })).toBe('failed');
    expect(outcomeOf('Violence', 3, 'Low', { passed: null, threshold: 2, direction: 'decrease' })).toBe('failed');
    expect(outcomeOf('Relevance', 1, 'poor', NO_LINE)).toBe('failed');
    expect(outcomeOf('Relevance', 0, null, NO_LINE)).toBe('unsaid');
    expect(outcomeOf('Relevance', 0, 'teal', NO_LINE)).toBe('unsaid');
  });
});

describe('evaluations in log records', () => {
  it('are read with their score, label, words and what they judge', () => {
    const { said, leftOut } = read({
      'gen_ai.evaluation.name': 'Relevance',
      'gen_ai.evaluation.score.value': 0.25,
      'gen_ai.evaluation.score.label': 'not_relevant',
      'gen_ai.evaluation.explanation': 'It speaks of something else.',
      'gen_ai.response.id': 'chatcmpl-1',
    });
    expect(leftOut).toBe(0);
    expect(said).toEqual([
      {
        system: 'support-bot',
        at: '2026-11-28T10:00:00.000Z',
        name: 'Relevance',
        score: 0.25,
        label: 'not_relevant',
        explanation: 'It speaks of something else.',
        outcome: 'failed',
        grave: false,
        traceId: 'a'.repeat(32),
        spanId: 'b'.repeat(16),
        responseId: 'chatcmpl-1',
      },
    ]);
  });

  it('say failed by a threshold that stands in the properties of the sender', () => {
    const properties = JSON.stringify({
      'gen_ai.evaluation.threshold': '4.0',
      'gen_ai.evaluation.desirable_direction': 'increase',
    });
    const low = { 'gen_ai.evaluation.name': 'fluency', 'gen_ai.evaluation.score.value': 2 };
    expect(read({ ...low, internal_properties: properties }).said[0]).toMatchObject({ score: 2, outcome: 'failed' });
    expect(read(low).said[0]).toMatchObject({ score: 2, outcome: 'unsaid' });
  });

  it('are left out and counted where they have no name', () => {
    expect(read({ 'gen_ai.evaluation.score.value': 1 })).toMatchObject({
      said: [],
      leftOut: 1,
      why: 'an evaluation without gen_ai.evaluation.name',
    });
  });

  it('are no logged error where they are grave, and one where the evaluator itself broke', () => {
    const grave = record(
      { 'gen_ai.evaluation.name': 'Safety', 'gen_ai.evaluation.score.label': 'fail' },
      { severity: 17 },
    );
    const broken = record({ 'gen_ai.evaluation.name': 'Safety', 'error.type': 'timeout' }, { severity: 17 });
    expect(errorsInLogs([grave], 'unnamed', NOW)).toEqual([]);
    expect(errorsInLogs([broken], 'unnamed', NOW)).toHaveLength(1);
    expect(evaluationsFromLogs([grave, broken], 'unnamed', NOW).said).toMatchObject([
      { outcome: 'failed', grave: true },
      { outcome: 'broken' },
    ]);
  });
});

describe('evaluations on spans', () => {
  const span = (attributes: Record<string, AttributeValue>, event: Record<string, AttributeValue>): Span => ({
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: null,
    name: 'chat',
    kind: 3,
    startMs: 1_795_860_000_000,
    endMs: 1_795_860_001_000,
    attributes: new Map(Object.entries(attributes)),
    events: [{ name: 'gen_ai.evaluation.result', attributes: new Map(Object.entries(event)) }],
    links: [],
    statusCode: 0,
    statusMessage: '',
    resource: new Map([['service.name', 'support-bot']]),
    scopeName: '',
    sampled: null,
  });

  it('judge the span they stand on, or the answer they name, and are the same as the log tells', () => {
    const event = { 'gen_ai.evaluation.name': 'Relevance', 'gen_ai.evaluation.score.label': 'fail' };
    const here = evaluationsFromSpans([span({ 'gen_ai.response.id': 'r-1' }, event)], 'unnamed', NOW).said[0]!;
    expect(here).toMatchObject({ responseId: 'r-1', spanId: 'b'.repeat(16), outcome: 'failed' });
    const named = { ...event, 'gen_ai.response.id': 'r-2' };
    expect(evaluationsFromSpans([span({ 'gen_ai.response.id': 'r-1' }, named)], 'unnamed', NOW).said[0]).toMatchObject({
      responseId: 'r-2',
    });
    const logged = read({ ...event, 'gen_ai.response.id': 'r-1' }, { atMs: 0 }).said[0]!;
    expect(evaluationKey(logged)).toBe(evaluationKey(here));
    expect(evaluationKey({ ...logged, score: 0.2 })).not.toBe(evaluationKey(here));
    const own = { ...logged, givenId: 'row-1' };
    expect(evaluationKey({ ...own, score: 0.2, responseId: 'r-9' })).toBe(evaluationKey(own));
    for (const other of [{ name: 'Tone' }, { givenId: 'row-2' }, { system: 'other' }])
      expect(evaluationKey({ ...own, ...other })).not.toBe(evaluationKey(own));
    expect(evaluationKey({ ...logged, refers: 'a-1' })).not.toBe(evaluationKey(logged));
  });
});

describe('the signal of a failed evaluation', () => {
  const failed: EvaluationSaid & { id: string } = {
    id: 'evl_1',
    system: 'judge',
    at: NOW,
    name: 'Groundedness',
    score: 2,
    label: 'fail',
    explanation: 'No source says so.',
    outcome: 'failed',
    grave: false,
    traceId: null,
    spanId: null,
    responseId: 'r-1',
  };
  it('is weak, says the words, and keeps a score of another scale out of the score', () => {
    const signal = signalOfEvaluation(failed, null, (text) => text);
    expect(signal).toMatchObject({
      channel: 'output-filter',
      detector: 'evaluation Groundedness',
      evidenceClass: 'weak',
      score: null,
      archetype: 'misinformation-cascade',
      text: 'The evaluation “Groundedness” failed (fail, score 2), of an answer that is not known here. It says: No source says so.',
    });
    expect(signalOfEvaluation({ ...failed, score: 0.2, grave: true }, null, (text) => text)).toMatchObject({
      evidenceClass: 'strong',
      score: 0.2,
    });
  });
});
