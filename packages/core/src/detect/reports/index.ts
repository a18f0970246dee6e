export type { PublicName, ReportAnswerFact, ReportForm, ReportFormFact, ReportState } from './form.ts';
export {
  answerReport,
  FORM_STREAM,
  foldAnswer,
  foldForm,
  REPORT_STATES,
  setForm,
  stateOfReport,
  USUAL_FORM,
} from './form.ts';
export { networksOf } from './network.ts';
export { referenceOf, refinedReference } from './reference.ts';
export type { ReportWords } from './report.ts';
export { plainLine, plainText, REPORT_LIMITS, saidIn, wordsKey } from './report.ts';
