export { LegalHolds, PlaceHold } from './LegalHolds.tsx';
export { RuleForm } from './RuleForm.tsx';
export { sayDays, sayTakenOut, TAKEN_OUT_WORDS } from './words.ts';
