export { FRESH_MINUTES, setRule } from './commands.ts';
export type { Holder, Question } from './judge.ts';
export { freshFor, judgeFresh, judgeRight, rolesThatMay, whoWords } from './judge.ts';
export type { Act, Rights, RightsFact, Rule, RuleOf, Second, Who } from './rule.ts';
export { ACT_NEEDS, ACTS, foldRights, GLASS_FRESH_MINUTES, LOOSENING, ruleFor, ruleSet, SHIPPED } from './rule.ts';
