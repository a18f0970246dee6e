import { INCIDENT_ROLES } from '@firebreak/core/prepare/role-directory';
import { SECOND_MINUTES } from '@firebreak/core/respond/containment';
import { ACTS, type Rule as CoreRule, FRESH_MINUTES } from '@firebreak/core/respond/decision-rights';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { RoleName } from '../prepare/people.ts';
import { id, Line } from '../shapes.ts';

const Who = z
  .object({
    roles: z.array(RoleName).max(10).readonly().describe('roles of accounts'),
    seats: z.array(z.enum(INCIDENT_ROLES)).max(10).readonly().describe('whoever the role directory names'),
  })
  .meta({ id: 'WhoMay', description: 'both empty: everybody whose role has the capability' });

export const Rule = z
  .object({
    who: z.object({ pull: Who, extend: Who, ask: Who, approve: Who, 'break-glass': Who }),
    second: z
      .object({
        when: z.enum(['before', 'after']),
        minutes: z.number().int().min(SECOND_MINUTES.least).max(SECOND_MINUTES.most),
      })
      .nullable()
      .describe('a second person for a pull: before it goes, or adopting it afterwards'),
    freshMinutes: z
      .number()
      .int()
      .min(FRESH_MINUTES.least)
      .max(FRESH_MINUTES.most)
      .nullable()
      .describe('to pull and to let go, the password was given within so many minutes'),
    typed: z.boolean().describe('to pull, the key of the system has to be typed'),
    quiet: z
      .literal(true)
      .exactOptional()
      .describe('a pull that touches all of the system pages nobody; absent: `containment.wide` is told at once'),
  })
  .meta({ id: 'RightsRule' }) satisfies z.ZodType<CoreRule>;
export type Rule = z.output<typeof Rule>;

export const RuleOf = z.union([z.enum(['narrow', 'wide']), id('ctl')]);

/** One row of the matrix: whose rule it is, the rule that counts, and what it says of whoever asks. */
export const RightsRow = z
  .object({
    of: RuleOf,
    name: z.string(),
    width: z.enum(['narrow', 'wide']),
    set: z.boolean().describe('false: as for everything of its width, or as shipped'),
    rule: Rule,
    says: z.object({
      pull: z.string(),
      extend: z.string(),
      ask: z.string(),
      approve: z.string(),
      'break-glass': z.string(),
    }),
    mine: z.array(z.enum(ACTS)).describe('what whoever asks may do'),
  })
  .meta({ id: 'RightsRow' });
export type RightsRow = z.output<typeof RightsRow>;

const tag = 'Decision rights';
const system = z.object({ system: z.string().min(2).max(80) });

export const decisionRights = {
  show: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/rights',
    tag,
    summary: 'Who may pull, extend, ask to let go, agree to it, and break the glass, for each control of a system',
    may: 'read',
    params: system,
    answer: z.object({ rows: z.array(RightsRow) }),
    refusals: ['system.unknown'],
  }),
  set: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/rights/:of',
    tag,
    summary: 'Say who may do what with a control, or with everything narrow or wide; null takes the own rule back',
    may: 'roles.assign',
    params: system.extend({ of: RuleOf }),
    body: z.object({ rule: Rule.nullable(), reason: Line }),
    answer: z.object({ rows: z.array(RightsRow) }),
    refusals: ['system.unknown', 'control.unknown', 'right.bad-rule'],
  }),
};
