import type { DeclaredControl } from '@firebreak/contract/respond/containment';
import type { ControlTest } from '@firebreak/contract/respond/control-tests';
import { span } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';

interface Word {
  readonly word: string;
  readonly tone: Tone;
}

const READY: Readonly<Record<DeclaredControl['readiness']['state'], Word>> = {
  ready: { word: 'ready', tone: 'moss' },
  'never-tested': { word: 'not ready: never tested', tone: 'amber' },
  stale: { word: 'not ready: tested long ago', tone: 'amber' },
  failed: { word: 'not ready: failed', tone: 'ember' },
};
export const readyWords = ({ state }: Pick<DeclaredControl['readiness'], 'state'>): Word => READY[state];

const OUTCOMES: Readonly<Record<NonNullable<ControlTest['ended']>['outcome'], Word>> = {
  passed: { word: 'passed', tone: 'moss' },
  failed: { word: 'failed', tone: 'ember' },
  nobody: { word: 'nothing to test', tone: 'amber' },
  'broken-off': { word: 'broken off', tone: 'amber' },
};
export const outcomeWords = (outcome: keyof typeof OUTCOMES | null): Word =>
  outcome === null ? { word: 'running', tone: 'blue' } : OUTCOMES[outcome];

const INSTANCES: Readonly<Record<NonNullable<ControlTest['ended']>['instances'][number]['outcome'], Word>> = {
  passed: { word: 'passed', tone: 'moss' },
  'not-effective': { word: 'let it through', tone: 'ember' },
  'too-wide': { word: 'stops too much', tone: 'ember' },
  fault: { word: 'cannot judge', tone: 'ember' },
  late: { word: 'no answer', tone: 'ember' },
  cannot: { word: 'cannot be tested', tone: 'plain' },
};
export const instanceWords = (outcome: keyof typeof INSTANCES): Word => INSTANCES[outcome];

export const WHY_WORDS: Readonly<Record<ControlTest['why'], string>> = {
  asked: 'asked for',
  planned: 'as planned',
  rehearsal: 'a rehearsal',
};

/** `in effect after 24 ms; at worst 31 ms in the last 3 tests`. Null: no test has passed. */
export function effectWords(effect: DeclaredControl['effect']): string | null {
  if (effect === null) return null;
  const { medianMs, worstMs, tests } = effect;
  if (tests === 1) return `in effect after ${span(worstMs)}, by one test`;
  return `in effect after ${span(medianMs)}, at worst ${span(worstMs)}, by the last ${tests} tests`;
}
