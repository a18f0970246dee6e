import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Key } from '../shapes.ts';
import { Budget, ChannelRoute, Dependency, Description, Feature, Guardrail, Tool } from './inventory.ts';

/** Systems in one file. */
export const SYSTEMS_IN_FILE = 10_000;

const part = <S extends z.ZodType>(one: S) => z.array(one).max(200).optional();

/** One system of a file. What is left out stays as it is. */
export const SystemInFile = z
  .strictObject({
    key: Key,
    name: Description.name.optional(),
    type: Description.type.optional(),
    purpose: Description.purpose.unwrap().optional(),
    owner: Description.owner.unwrap().optional(),
    riskClass: Description.riskClass.unwrap().optional(),
    population: Description.population.unwrap().optional(),
    regions: Description.regions.unwrap().optional(),
    vendor: Description.vendor.unwrap().optional(),
    architecture: Description.architecture.unwrap().optional(),
    autonomy: Description.autonomy.unwrap().optional(),
    criticality: Description.criticality.unwrap().optional(),
    logging: Description.logging.unwrap().optional(),
    features: part(Feature),
    tools: part(Tool),
    guardrails: part(Guardrail),
    dependencies: part(Dependency),
    routes: part(ChannelRoute),
    budgets: part(Budget),
  })
  .meta({ id: 'SystemInFile' });
export type SystemInFile = z.output<typeof SystemInFile>;

const Applied = z
  .object({
    dryRun: z.boolean(),
    created: z.int(),
    changed: z.int(),
    same: z.int(),
    rows: z
      .array(
        z.object({
          row: z.int().describe('place in the file, from 0'),
          key: z.string(),
          action: z.enum(['create', 'change']),
          changes: z.array(z.object({ member: z.string(), from: z.unknown(), to: z.unknown() })),
        }),
      )
      .describe('what was done, or would be; rows that change nothing are only counted'),
    problems: z.array(z.object({ row: z.int(), key: z.string().nullable(), pointer: z.string(), detail: z.string() })),
  })
  .meta({ id: 'SystemsApplied' });
export type SystemsApplied = z.output<typeof Applied>;

export const systemsFile = {
  show: endpoint({
    method: 'GET',
    path: '/api/v1/systems-file',
    tag: 'Systems',
    summary: 'The systems in use as a file; applied where it came from it changes nothing',
    may: 'read',
    answer: z.object({ systems: z.array(SystemInFile) }),
  }),
  apply: endpoint({
    method: 'POST',
    path: '/api/v1/systems/apply',
    tag: 'Systems',
    summary: 'Apply a file of systems; with dryRun only say what it would do',
    may: 'system.edit',
    body: z.object({
      systems: z
        .array(z.unknown())
        .min(1)
        .max(SYSTEMS_IN_FILE)
        .describe('each a SystemInFile; a bad one is named and the others are kept'),
      dryRun: z.boolean().default(false),
    }),
    answer: Applied,
    bodyLimit: 32 * 1024 * 1024,
  }),
};
