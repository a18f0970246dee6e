import type { SystemType } from '../../prepare/inventory/index.ts';
import type { MeasureKind } from './measure.ts';
import type { Rule } from './rules.ts';
import type { WatchDescription } from './watch.ts';

export interface UsualWatch extends Omit<WatchDescription, 'feature'> {
  /** Its name among the usual ones, for ever. */
  readonly usual: string;
  readonly measure: string;
  readonly kind: MeasureKind;
  /** Only for systems of this type. */
  readonly type?: SystemType;
}

const up = (everyDays: number): Rule => ({ kind: 'rate', side: 'up', p0: null, p1: null, everyDays });
const down = (everyDays: number): Rule => ({ kind: 'rate', side: 'down', p0: null, p1: null, everyDays });
/** A watch that wakes somebody may be wrong about twice a year; one that only supports others, once a month. */
const PAGE_DAYS = 180;
const SUPPORT_DAYS = 30;

/**
 * The watches every system gets once there is data. Those that page are few, so that the pages of several systems stay
 * within what a team puts up with.
 */
export const USUAL_WATCHES: readonly UsualWatch[] = [
  { usual: 'errors', measure: 'errors', kind: 'rate', name: 'Errors go up', rule: up(PAGE_DAYS), pages: true },
  {
    usual: 'complaints',
    measure: 'complaints',
    kind: 'rate',
    name: 'Complaints go up',
    rule: up(PAGE_DAYS),
    pages: true,
  },
  { usual: 'blocked', measure: 'blocked', kind: 'rate', name: 'More is blocked', rule: up(SUPPORT_DAYS), pages: false },
  { usual: 'refusals', measure: 'refusals', kind: 'rate', name: 'More refusals', rule: up(SUPPORT_DAYS), pages: false },
  {
    usual: 'refusals-down',
    measure: 'refusals',
    kind: 'rate',
    name: 'Fewer refusals',
    rule: down(SUPPORT_DAYS),
    pages: false,
  },
  {
    usual: 'thumbs-down',
    measure: 'thumbs-down',
    kind: 'rate',
    name: 'More thumbs down',
    rule: up(SUPPORT_DAYS),
    pages: false,
  },
  {
    usual: 'latency',
    measure: 'latency',
    kind: 'spread',
    name: 'Slow for this hour',
    rule: { kind: 'season', aspect: 'p90' },
    pages: false,
  },
  {
    usual: 'tokens',
    measure: 'tokens.output',
    kind: 'spread',
    name: 'Token use moved',
    rule: { kind: 'season', aspect: 'mean' },
    pages: false,
  },
  {
    usual: 'tokens-input',
    measure: 'tokens.input',
    kind: 'spread',
    name: 'Longer or shorter prompts',
    rule: { kind: 'season', aspect: 'mean' },
    pages: false,
  },
  {
    usual: 'cost',
    measure: 'cost',
    kind: 'count',
    name: 'Cost is unusual for this hour',
    rule: { kind: 'season', aspect: 'sum' },
    pages: false,
  },
  {
    usual: 'length',
    measure: 'output.length',
    kind: 'spread',
    name: 'Answers of another length',
    rule: { kind: 'shape', everyDays: SUPPORT_DAYS },
    pages: false,
  },
  {
    usual: 'language',
    measure: 'language',
    kind: 'mix',
    name: 'Answers in other languages',
    rule: { kind: 'shape', everyDays: SUPPORT_DAYS },
    pages: false,
  },
  {
    usual: 'model-errors',
    measure: 'gen_ai.client.operation.errors',
    kind: 'rate',
    name: 'Model calls fail',
    rule: up(SUPPORT_DAYS),
    pages: false,
  },
  // Severity by the voice thresholds; the vendor's table, which is stricter, only supports: docs/guides/measures.md.
  {
    usual: 'voice-latency',
    measure: 'latency',
    kind: 'spread',
    type: 'voice',
    name: 'Voice answers too slow',
    rule: {
      kind: 'limit',
      side: 'above',
      share: 0.9,
      steps: [
        { limit: 15, severity: 1 },
        { limit: 7, severity: 2 },
      ],
      everyDays: PAGE_DAYS,
    },
    pages: true,
  },
  {
    usual: 'voice-latency-vendor',
    measure: 'latency',
    kind: 'spread',
    type: 'voice',
    name: 'Voice slower than the vendor’s target',
    rule: {
      kind: 'limit',
      side: 'above',
      share: 0.9,
      steps: [
        { limit: 5, severity: 3 },
        { limit: 3.5, severity: 4 },
      ],
      everyDays: SUPPORT_DAYS,
    },
    pages: false,
  },
  {
    usual: 'voice-completion',
    measure: 'task-completion',
    kind: 'rate',
    type: 'voice',
    name: 'Voice tasks not completed',
    rule: {
      kind: 'limit',
      side: 'below',
      share: 0.5,
      steps: [
        { limit: 0.1, severity: 1 },
        { limit: 0.5, severity: 2 },
      ],
      everyDays: PAGE_DAYS,
    },
    pages: true,
  },
];
