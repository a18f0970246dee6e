import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Signed } from './guard-channel.ts';

export const toolPermissions = {
  state: endpoint({
    method: 'GET',
    path: '/api/v1/guard/permissions',
    tag: 'Guard',
    summary:
      'Which tools systems were granted, signed as the state of control is; answers 304 to the ETag it already has',
    may: 'guard.obey',
    query: z.object({ system: z.string().min(1).max(200).describe('key of the system, or * for all of them') }),
    answer: Signed,
    refusals: ['guard.unknown-system'],
  }),
};
