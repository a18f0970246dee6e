import { SYSTEM_TYPES } from '@firebreak/core/prepare/inventory';
import { MOVES } from '@firebreak/core/prepare/moves';
import { PLAYBOOK_ARCHETYPES, STEP_OWNERS } from '@firebreak/core/prepare/playbooks';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';

const named = { key: z.string(), name: z.string() };
const roles = z.array(z.enum(STEP_OWNERS)).describe('whose steps are in it');

export const Moves = z
  .object({
    moves: z.array(
      z.object({
        move: z.enum(MOVES),
        done: z.boolean(),
        items: z.array(
          z.object({
            item: z.string(),
            done: z.boolean(),
            needed: z.boolean().describe('false: the move is made without it'),
            says: z.string(),
          }),
        ),
      }),
    ),
    systems: z.int().describe('registered and in use'),
    entry: z
      .object({ ...named, heardAt: At.nullable() })
      .nullable()
      .describe('the system that is nearest to a working entry'),
    riskiest: z
      .object({
        ...named,
        type: z.enum(SYSTEM_TYPES),
        reasons: z.array(z.string()).describe('from its entry, gravest first'),
        failures: z
          .array(
            z.object({
              archetype: z.enum(PLAYBOOK_ARCHETYPES),
              why: z.string(),
              playbook: z.object({ ...named, steps: z.int(), own: z.boolean() }),
            }),
          )
          .describe('what may go wrong first, each with the playbook for it'),
      })
      .nullable()
      .describe('a proposal: a person decides'),
    playbook: z
      .object({ ...named, roles })
      .nullable()
      .describe('the playbook that was adopted'),
  })
  .meta({ id: 'Moves' });
export type Moves = z.output<typeof Moves>;

export const moves = {
  show: endpoint({
    method: 'GET',
    path: '/api/v1/moves',
    tag: 'Start',
    summary: 'The three moves a programme starts with, and what each still lacks, from what is really there',
    may: 'read',
    answer: Moves,
  }),
};
