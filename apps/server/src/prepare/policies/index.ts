import { foldPolicy, lapsesDue } from '@firebreak/core/prepare/policies';
import { act, firebreakItself, type Slice } from '../../platform/index.ts';
import { policiesWithLapses, policyBoard } from './board.ts';
import { routes } from './routes.ts';

const LOOK_MS = 30_000;

/** Policies, what carries each out, and the exceptions to them, which end by themselves. */
export const policies: Slice = {
  name: 'policies',
  routes,
  boards: [policyBoard],
  // Words people wrote about why a rule does not hold for them: in the log as salted digests.
  personal: {
    'exception.asked': ['why', 'compensating'],
    'exception.approved': ['note'],
    'exception.declined': ['reason'],
    'exception.renewed': ['reason'],
    'exception.ended': ['reason'],
  },
  watches: [
    {
      name: 'policy exceptions',
      everyMs: LOOK_MS,
      async look(deps) {
        for (const policy of await policiesWithLapses(deps.db, deps.now()))
          await act(deps, {
            stream: policy,
            by: firebreakItself('policies'),
            may: 'policy.edit',
            fold: foldPolicy,
            decide: lapsesDue,
          });
      },
    },
  ],
};
