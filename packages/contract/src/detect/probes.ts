import { CASE_LIMITS } from '@firebreak/core/detect/evals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Key } from '../shapes.ts';
import { EvalCase, EvalRun, EvalSuite, suiteDescription, suiteId, testedVersions } from './evals.ts';

/** Largest results file of another tool, bytes. */
export const REPORT_LIMIT = 16 * 1024 * 1024;

export const ProbeFamily = z
  .object({
    id: z.string(),
    name: z.string(),
    technique: z.string().nullable(),
    techniqueName: z.string(),
    owasp: z.string().nullable(),
    judged: z.string().describe('how success is judged, in words'),
    probes: z.int(),
  })
  .meta({ id: 'ProbeFamily' });
export type ProbeFamily = z.output<typeof ProbeFamily>;

const ProbesGiven = z.object({
  ...suiteDescription,
  everyMinutes: suiteDescription.everyMinutes.default(1_440),
  families: z.array(z.string().min(1).max(60)).max(CASE_LIMITS.values).optional().describe('left out: all'),
  canary: z
    .string()
    .trim()
    .max(100)
    .regex(/^$|^[A-Za-z0-9][A-Za-z0-9 _-]{5,}$/, 'at least six letters and digits')
    .default('')
    .describe('a word you planted in the instructions of the system; empty: what looks for it is left out'),
});

const tag = 'Probes';
const params = z.object({ suite: suiteId });
const faults = ['eval-suite.name-taken', 'target.unknown', 'target.other-system', 'probe.unknown-family'];

export const probes = {
  catalogue: endpoint({
    method: 'GET',
    path: '/api/v1/probes-shipped',
    tag,
    summary: 'The shipped probes, with what each tries and how its success is judged',
    may: 'read',
    answer: z.object({ families: z.array(ProbeFamily), probes: z.array(EvalCase) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/probes',
    tag,
    summary: 'Sets of probes with their last runs',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({ suites: z.array(EvalSuite) }),
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/probes',
    tag,
    summary: 'Probe a system on a schedule',
    may: 'eval.edit',
    body: ProbesGiven,
    answer: z.object({ suite: EvalSuite }),
    refusals: [...faults, 'eval-suite.too-many'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/probes/:suite',
    tag,
    summary: 'Change target, families, planted word and schedule',
    may: 'eval.edit',
    params,
    body: ProbesGiven,
    answer: z.object({ suite: EvalSuite }),
    refusals: [...faults, 'eval-suite.unknown'],
  }),
  importReport: endpoint({
    method: 'POST',
    path: '/api/v1/probes/:suite/reports',
    tag,
    summary: 'Read in the results of another tool: promptfoo (JSON) or garak (report or hit log, JSON lines)',
    may: 'eval.edit',
    params,
    body: z.object({
      text: z.string().min(1).max(REPORT_LIMIT).describe('the file as it is'),
      versions: testedVersions.optional().describe('what was probed; left out: what is recorded behind the target'),
    }),
    answer: z.object({
      run: EvalRun,
      again: z.boolean().describe('the same file was read in before; nothing changed'),
      notes: z.array(z.string()),
    }),
    refusals: ['eval-suite.unknown', 'probe.unreadable-report'],
    // JSON may escape every character of the file.
    bodyLimit: REPORT_LIMIT * 2,
  }),
};
