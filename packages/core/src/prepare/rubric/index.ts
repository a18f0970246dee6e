export type { Axes, Axis, Rule, Severity, SeverityCall, VoiceFigures } from './rubric.ts';
export { AXES, RULES, suggestSeverity } from './rubric.ts';
