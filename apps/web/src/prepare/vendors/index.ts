export { EscalationPath } from './EscalationPath.tsx';
export { QuestionForm } from './QuestionForm.tsx';
export { DUTY_WORDS, PARTY_WORDS, sayBecause } from './words.ts';
