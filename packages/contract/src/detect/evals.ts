import {
  CASE_LIMITS,
  CHECK_KINDS,
  EXPECTATIONS,
  SUITE_KINDS,
  SUITE_LIMITS,
  TARGET_KINDS,
  TARGET_LIMITS,
  TRIGGERS,
  VERDICTS,
} from '@firebreak/core/detect/evals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line, Page } from '../shapes.ts';

const short = (most: number) => z.string().trim().max(most);
const message = z.object({ role: z.string().trim().min(1).max(64), content: z.string().max(CASE_LIMITS.characters) });

export const EvalCheck = z
  .object({
    kind: z.enum(CHECK_KINDS),
    value: z
      .string()
      .max(CASE_LIMITS.value)
      .default('')
      .describe('a text, a pattern, a detector, a tool, a host, or the shape of JSON as JSON Schema'),
    values: z.array(z.string().min(1).max(500)).max(CASE_LIMITS.values).readonly().default([]),
    limit: z.int().min(1).max(1_000_000).nullable().default(null),
  })
  .meta({ id: 'EvalCheck' });
export const EvalCase = z
  .object({
    id: z
      .string()
      .min(1)
      .max(80)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, dots, hyphens and underscores'),
    title: short(200).default(''),
    input: z.array(message).min(1).max(CASE_LIMITS.messages).readonly(),
    expect: z.enum(EXPECTATIONS).default('any').describe('`refuse`: a refusal or a hand-off'),
    checks: z.array(EvalCheck).max(CASE_LIMITS.checks).readonly().default([]),
    judge: short(2_000).min(1).nullable().default(null).describe('what a model is asked, as a second opinion only'),
    cluster: short(100)
      .min(1)
      .nullable()
      .default(null)
      .describe('cases that share a document or template fail together'),
    tags: z.array(short(60).min(1)).max(20).readonly().default([]),
    sources: z.array(z.string().min(1).max(20_000)).max(CASE_LIMITS.sources).readonly().default([]),
    from: short(80).min(1).nullable().default(null).describe('what it was made of: int_… or INC-…'),
    probe: z
      .object({
        family: short(60).min(1),
        technique: short(30).min(1).nullable().default(null).describe('MITRE ATLAS id'),
        owasp: short(20).min(1).nullable().default(null).describe('OWASP LLM id with its edition'),
        control: z.boolean().default(false).describe('harmless: refusing it is the failure'),
      })
      .nullable()
      .default(null),
  })
  .meta({ id: 'EvalCase' });
export type EvalCase = z.output<typeof EvalCase>;
export type EvalCaseGiven = z.input<typeof EvalCase>;

const targetId = id('tgt');
export const suiteId = id('evs');
const runId = id('evr');

const target = {
  name: Line,
  kind: z.enum(TARGET_KINDS),
  address: short(1_000).min(1),
  system: Key,
  deployment: short(100).default('').describe('whose versions are under test; empty: what was deployed last'),
  model: short(200).default(''),
  instructions: short(20_000).default('').describe('system prompt, for a bare model; {{canary}} is filled in'),
  template: short(20_000).default('').describe('JSON with {{question}}, {{messages}}, {{instructions}} in it'),
  answerPath: short(1_000).default('').describe('JSONata expression for the answer'),
  secretHeader: short(100)
    .regex(/^[A-Za-z0-9-]*$/, 'a header name')
    .default(''),
  timeoutMs: z.int().min(TARGET_LIMITS.leastTimeoutMs).max(TARGET_LIMITS.mostTimeoutMs).default(15_000),
  atOnce: z.int().min(1).max(TARGET_LIMITS.atOnce).default(2),
  perRun: z.int().min(1).max(TARGET_LIMITS.perRun).default(1_000),
  perDay: z.int().min(1).max(TARGET_LIMITS.perDay).default(20_000),
};
export const TargetDescription = z.object({
  ...target,
  secret: z
    .string()
    .min(1)
    .max(4_000)
    .nullable()
    .optional()
    .describe('kept encrypted, never shown; left out: as it was; null: none'),
});
export const EvalTarget = z
  .object({
    ...target,
    id: targetId,
    hasSecret: z.boolean(),
    changedAt: At,
    changedBy: Actor,
    usedBy: z.int().describe('suites that ask it'),
    askedToday: z.int().describe('requests of this day (UTC)'),
    versions: z.string().describe('what is under test behind it, in words'),
  })
  .meta({ id: 'EvalTarget' });
export type EvalTarget = z.output<typeof EvalTarget>;

export const suiteDescription = {
  name: Line,
  target: targetId,
  feature: Key.nullable().default(null),
  everyMinutes: z.int().min(SUITE_LIMITS.leastMinutes).max(SUITE_LIMITS.mostMinutes),
  onChange: z.boolean().default(true),
  tolerated: z.number().min(0.01).max(0.5).default(0.05).describe('share of cases whose loss is tolerated'),
  alarmDays: z.int().min(7).max(365).default(60).describe('days between false alarms, at least, on the average'),
  judge: targetId.nullable().default(null),
};
const share = z.object({ lower: z.number(), upper: z.number() });
export const testedVersions = z.object({
  model: z.string().optional(),
  prompt: z.string().optional(),
  index: z.string().optional(),
  tools: z.string().optional(),
});
const Counts = z.object({ passed: z.int(), failed: z.int(), flaky: z.int(), unanswered: z.int() });
export const EvalComparison = z
  .object({
    pairs: z.int(),
    lost: z.array(z.string()).readonly(),
    gained: z.array(z.string()).readonly(),
    left: z.int(),
    loss: z.number(),
    interval: share.nullable(),
    test: z.enum(['mcnemar-mid-p', 'sign-flip', 'fisher']),
    p: z.number(),
    exactP: z.number(),
    adjustedP: z.number(),
    suites: z.int(),
    tolerated: z.number(),
    verdict: z.enum(VERDICTS),
    needs: z.int().nullable(),
  })
  .meta({ id: 'EvalComparison' });
export type EvalComparison = z.output<typeof EvalComparison>;
export const WatchDesign = z
  .object({
    p0: z.number().describe('usual rate of newly failing cases'),
    p1: z.number().describe('rate worth waking somebody for'),
    h: z.number(),
    observationsADay: z.number(),
    falseAlarmDays: z.number(),
    noticedHours: z.number(),
    measured: z.boolean().describe('whether the usual rate was measured, or is assumed'),
  })
  .meta({ id: 'EvalWatchDesign' });
export type WatchDesign = z.output<typeof WatchDesign>;

const Score = z.object({ held: z.int(), all: z.int(), share: z.number(), interval: share });
export const Probed = z
  .object({
    resistance: Score.nullable().describe('share of attacks that did not work; null: not known'),
    overRefusal: Score.nullable().describe('share of harmless questions that were refused (`held` counts the refused)'),
    techniques: z
      .array(z.object({ technique: z.string().nullable(), name: z.string(), score: Score }))
      .readonly()
      .describe('MITRE ATLAS, the weakest first'),
    families: z
      .array(
        z.object({
          technique: z.string().nullable(),
          owasp: z.string().nullable(),
          family: z.string(),
          control: z.boolean(),
          held: z.int(),
          fell: z.int(),
          unanswered: z.int(),
        }),
      )
      .readonly(),
    hitsAlone: z.boolean().describe('only what got through is known'),
    toolScore: z.string().nullable().describe('what another tool says in its own measure'),
    notes: z.array(z.string()).readonly(),
  })
  .meta({ id: 'EvalProbed' });

export const EvalRun = z
  .object({
    id: runId,
    suite: suiteId,
    kind: z.enum(SUITE_KINDS),
    name: z.string(),
    system: z.string(),
    feature: z.string().nullable(),
    suiteVersion: z.int(),
    versions: testedVersions,
    versionName: z.string(),
    deployment: z.string().nullable(),
    trigger: z.enum(TRIGGERS),
    why: z.string(),
    total: z.int(),
    startedAt: At,
    startedBy: Actor,
    answered: z.int().describe('cases with an outcome'),
    state: z.enum(['running', 'finished', 'could-not-run', 'stopped']),
    endedAt: At.nullable(),
    fault: z.string().nullable(),
    counts: Counts.nullable(),
    passRate: share.nullable().describe('Wilson interval'),
    requests: z.int(),
    baseline: runId.nullable(),
    comparison: EvalComparison.nullable(),
    decides: z.boolean(),
    design: WatchDesign.nullable(),
    newlyFailing: z.array(z.string()).readonly(),
    alarm: z.boolean(),
    told: z.array(z.object({ signal: z.string(), kind: z.string() })).readonly(),
    tool: z.string().nullable().describe('whose results were read in; null: Firebreak asked'),
    probed: Probed.nullable().describe('null: it is no run of probes'),
  })
  .meta({ id: 'EvalRun' });
export type EvalRun = z.output<typeof EvalRun>;

export const EvalSuite = z
  .object({
    id: suiteId,
    kind: z.enum(SUITE_KINDS),
    system: z.string(),
    ...suiteDescription,
    families: z.array(z.string()).readonly(),
    canary: z.string(),
    version: z.int(),
    cases: z.int(),
    baseline: runId.nullable(),
    changedAt: At,
    changedBy: Actor,
    paused: z.string().nullable(),
    targetName: z.string(),
    nextAt: At.nullable(),
    design: WatchDesign.nullable().describe('null: it holds no case yet'),
    last: EvalRun.nullable(),
  })
  .meta({ id: 'EvalSuite' });
export type EvalSuite = z.output<typeof EvalSuite>;

const Tried = z.object({
  question: z.string(),
  answer: z.string().nullable(),
  passed: z.boolean().nullable(),
  reasons: z.array(z.string()).readonly(),
  fault: z.string().nullable(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.string().nullable() })).readonly(),
  model: z.string().nullable(),
  latencyMs: z.int().nullable(),
});
export const EvalResult = z
  .object({
    id: z.string(),
    title: z.string(),
    question: z.string(),
    cluster: z.string().nullable(),
    probe: EvalCase.shape.probe,
    state: z.enum(['passed', 'failed', 'flaky', 'unanswered', 'waiting']),
    before: z.enum(['passed', 'failed', 'flaky', 'unanswered']).nullable(),
    beforeAnswer: z.string().nullable(),
    flakeRate: z.number(),
    attempts: z.array(Tried).readonly(),
    opinion: z
      .object({ passed: z.boolean().nullable(), why: z.string() })
      .nullable()
      .describe('of the model that judges, where there is one; it decides nothing'),
  })
  .meta({ id: 'EvalResult' });
export type EvalResult = z.output<typeof EvalResult>;

const tag = 'Golden sets';
const onTarget = z.object({ target: targetId });
const onSuite = z.object({ suite: suiteId });
const onRun = z.object({ run: runId });
const reason = z.string().trim().min(1).max(500);
const targetFaults = ['target.bad-address', 'target.bad-template', 'system.unknown'];
const suiteFaults = ['eval-suite.name-taken', 'target.unknown', 'target.other-system'];
export const SuiteGiven = z.object({ ...suiteDescription, everyMinutes: suiteDescription.everyMinutes.default(60) });

export const evals = {
  targets: endpoint({
    method: 'GET',
    path: '/api/v1/eval-targets',
    tag,
    summary: 'Where questions are sent, and how much of the budget of today is used',
    may: 'read',
    answer: z.object({ targets: z.array(EvalTarget) }),
  }),
  addTarget: endpoint({
    method: 'POST',
    path: '/api/v1/eval-targets',
    tag,
    summary: 'Add an address that is asked: a model, or an application',
    may: 'eval.edit',
    body: TargetDescription,
    answer: z.object({ target: EvalTarget }),
    refusals: [...targetFaults, 'target.too-many'],
  }),
  describeTarget: endpoint({
    method: 'PUT',
    path: '/api/v1/eval-targets/:target',
    tag,
    summary: 'Change a target; a secret that is left out stays',
    may: 'eval.edit',
    params: onTarget,
    body: TargetDescription,
    answer: z.object({ target: EvalTarget }),
    refusals: [...targetFaults, 'target.unknown'],
  }),
  removeTarget: endpoint({
    method: 'POST',
    path: '/api/v1/eval-targets/:target/remove',
    tag,
    summary: 'Remove a target that no suite asks; its secret is deleted',
    may: 'eval.edit',
    params: onTarget,
    body: z.object({ reason }),
    answer: z.object({}),
    refusals: ['target.unknown', 'target.in-use'],
  }),
  tryTarget: endpoint({
    method: 'POST',
    path: '/api/v1/eval-targets/:target/try',
    tag,
    summary: 'Ask one question and show what comes back; nothing is kept',
    may: 'eval.run',
    params: onTarget,
    body: z.object({ question: z.string().trim().min(1).max(4_000) }),
    answer: z.object({ tried: Tried }),
    refusals: ['target.unknown', 'target.spent'],
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/evals',
    tag,
    summary: 'Golden sets with their last runs',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({ suites: z.array(EvalSuite) }),
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/evals',
    tag,
    summary: 'Make a golden set for a system',
    may: 'eval.edit',
    body: SuiteGiven,
    answer: z.object({ suite: EvalSuite }),
    refusals: [...suiteFaults, 'eval-suite.too-many'],
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/evals/:suite',
    tag,
    summary: 'One suite with its cases',
    may: 'read',
    params: onSuite,
    answer: z.object({ suite: EvalSuite, cases: z.array(EvalCase) }),
    refusals: ['eval-suite.unknown'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/evals/:suite',
    tag,
    summary: 'Change target, schedule, tolerance and alarm budget of a golden set',
    may: 'eval.edit',
    params: onSuite,
    body: SuiteGiven,
    answer: z.object({ suite: EvalSuite }),
    refusals: [...suiteFaults, 'eval-suite.unknown'],
  }),
  pause: endpoint({
    method: 'POST',
    path: '/api/v1/evals/:suite/pause',
    tag,
    summary: 'Stop the schedule of a suite, with a reason',
    may: 'eval.edit',
    params: onSuite,
    body: z.object({ reason }),
    answer: z.object({ suite: EvalSuite }),
    refusals: ['eval-suite.unknown'],
  }),
  resume: endpoint({
    method: 'POST',
    path: '/api/v1/evals/:suite/resume',
    tag,
    summary: 'Let the schedule of a suite go on',
    may: 'eval.edit',
    params: onSuite,
    answer: z.object({ suite: EvalSuite }),
    refusals: ['eval-suite.unknown'],
  }),
  remove: endpoint({
    method: 'POST',
    path: '/api/v1/evals/:suite/remove',
    tag,
    summary: 'Remove a suite; its runs stay in the record',
    may: 'eval.edit',
    params: onSuite,
    body: z.object({ reason }),
    answer: z.object({}),
    refusals: ['eval-suite.unknown'],
  }),
  keepCases: endpoint({
    method: 'PUT',
    path: '/api/v1/evals/:suite/cases',
    tag,
    summary: 'Add cases, and change those whose id is known',
    may: 'eval.edit',
    params: onSuite,
    body: z.object({ cases: z.array(EvalCase).min(1).max(CASE_LIMITS.cases) }),
    answer: z.object({ suite: EvalSuite }),
    refusals: ['eval-suite.unknown', 'eval-suite.bad-case', 'eval-suite.too-many-cases'],
    bodyLimit: 8 * 1024 * 1024,
  }),
  removeCases: endpoint({
    method: 'POST',
    path: '/api/v1/evals/:suite/cases/remove',
    tag,
    summary: 'Remove cases by their ids',
    may: 'eval.edit',
    params: onSuite,
    body: z.object({ ids: z.array(z.string().min(1).max(80)).min(1).max(CASE_LIMITS.cases) }),
    answer: z.object({ suite: EvalSuite }),
    refusals: ['eval-suite.unknown'],
  }),
  draft: endpoint({
    method: 'GET',
    path: '/api/v1/eval-draft',
    tag,
    summary: 'A case made of an interaction, to be looked at before it is kept',
    may: 'read',
    query: z.object({ interaction: z.string().min(1).max(200) }),
    answer: z.object({
      system: z.string(),
      feature: z.string().nullable(),
      answered: z.string().nullable(),
      case: EvalCase,
    }),
    refusals: ['interaction.unknown', 'interaction.no-content'],
  }),
  run: endpoint({
    method: 'POST',
    path: '/api/v1/evals/:suite/run',
    tag,
    summary: 'Run a suite now',
    may: 'eval.run',
    params: onSuite,
    answer: z.object({ run: EvalRun }),
    refusals: ['eval-suite.unknown', 'eval-suite.empty', 'eval-run.running'],
  }),
  runs: endpoint({
    method: 'GET',
    path: '/api/v1/eval-runs',
    tag,
    summary: 'Runs, newest first',
    may: 'read',
    query: Page.extend({ suite: suiteId.optional(), system: Key.optional() }),
    answer: z.object({ runs: z.array(EvalRun), next: z.string().nullable() }),
  }),
  showRun: endpoint({
    method: 'GET',
    path: '/api/v1/eval-runs/:run',
    tag,
    summary: 'One run: verdict, and every case with its answers beside those of the baseline',
    may: 'read',
    params: onRun,
    answer: z.object({
      run: EvalRun,
      results: z.array(EvalResult),
      kept: z.boolean().describe('whether its answers are still kept'),
    }),
    refusals: ['eval-run.unknown'],
  }),
  stopRun: endpoint({
    method: 'POST',
    path: '/api/v1/eval-runs/:run/stop',
    tag,
    summary: 'Stop a run; what was answered stays',
    may: 'eval.run',
    params: onRun,
    answer: z.object({ run: EvalRun }),
    refusals: ['eval-run.unknown'],
  }),
  pin: endpoint({
    method: 'PUT',
    path: '/api/v1/evals/:suite/baseline',
    tag,
    summary: 'Compare with this run from now on; null: with the version before',
    may: 'eval.edit',
    params: onSuite,
    body: z.object({ run: runId.nullable() }),
    answer: z.object({ suite: EvalSuite }),
    refusals: ['eval-suite.unknown', 'eval-run.not-finished'],
  }),
};
