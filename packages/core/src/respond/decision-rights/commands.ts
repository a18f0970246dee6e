import { type Decision, refuse } from '../../kernel/index.ts';
import { SECOND_MINUTES } from '../containment/index.ts';
import { rolesThatMay } from './judge.ts';
import { ACTS, type Rights, type RightsFact, type Rule, type RuleOf, ruleSet } from './rule.ts';

export const FRESH_MINUTES = { least: 1, most: 720 } as const;
/** Rules of one system over all its life. */
const RULES_MOST = 5_000;

function faultOf(rule: Rule): readonly [string, string] | undefined {
  for (const act of ACTS) {
    const { roles, seats } = rule.who[act];
    const able = rolesThatMay(act);
    const unable = roles.find((role) => !able.includes(role));
    if (unable !== undefined)
      return [`/who/${act}/roles`, `The role “${unable}” cannot do this; use ${able.join(', ')}, or a seat.`];
    // A directory may be empty at two in the morning.
    if ((act === 'pull' || act === 'extend') && roles.length === 0 && seats.length > 0)
      return [`/who/${act}/roles`, 'Name at least one role besides the seats, so that somebody can always restrict.'];
  }
  const { second, freshMinutes } = rule;
  const within = (value: number, { least, most }: { least: number; most: number }) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (second !== null && !within(second.minutes, SECOND_MINUTES))
    return ['/second/minutes', `Use ${SECOND_MINUTES.least} to ${SECOND_MINUTES.most} minutes.`];
  if (freshMinutes !== null && !within(freshMinutes, FRESH_MINUTES))
    return ['/freshMinutes', `Use ${FRESH_MINUTES.least} to ${FRESH_MINUTES.most} minutes.`];
  return undefined;
}

/** Says who may do what with a control, or with everything of a width. Refuses `right.bad-rule`. */
export function setRule(
  state: Rights,
  want: { readonly system: string; readonly of: RuleOf; readonly rule: Rule | null; readonly reason: string },
): Decision<RightsFact> {
  const fault = want.rule === null ? undefined : faultOf(want.rule);
  if (fault !== undefined) return refuse('right.bad-rule', fault[1], fault[0]);
  if (state.length >= RULES_MOST) return refuse('right.bad-rule', 'The rules of this system were changed too often.');
  if (JSON.stringify(ruleSet(state, want.of)) === JSON.stringify(want.rule)) return [];
  return [{ type: 'rights.set', data: want }];
}
