export type { ArchetypeSuggestion, Placed, Reason } from './suggest.ts';
export { placeReport, suggestArchetype } from './suggest.ts';
export { DOMAINS, INTENTS, PLACES, rankArchetypes } from './taxonomy.ts';
export type { ReportText } from './words-of-report.ts';
export { termsOfReport } from './words-of-report.ts';
