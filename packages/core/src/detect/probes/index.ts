export type { Family } from './catalogue/index.ts';
export { FAMILIES, PROBES, probeById, probesFor } from './catalogue/index.ts';
export { type ProbeReport, REPORT_LIMITS, type ReportRow, readReport } from './reports/index.ts';
export type { Score } from './resistance.ts';
export { byTechnique, groupsOf, resistanceOf } from './resistance.ts';
export { techniqueName } from './techniques.ts';
