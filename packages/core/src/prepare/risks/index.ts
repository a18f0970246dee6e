export type { Grade, Risk, RiskDescription, RiskFact, RiskId, Treatment } from './risk.ts';
export { closeRisk, describeRisk, foldRisk, gradeOf, isOverdue, registerRisk, TREATMENTS } from './risk.ts';
