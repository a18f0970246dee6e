export type { Because, Dependant, NeedingSystem } from './dependants.ts';
export { dependantsOf, unrecorded } from './dependants.ts';
export type { VendorGap } from './gaps.ts';
export { vendorGaps } from './gaps.ts';
export type { QuestionFact, VendorQuestion } from './questions.ts';
export {
  addQuestion,
  DELIVERED_QUESTIONS,
  dropQuestion,
  foldQuestions,
  MOST_QUESTIONS,
  VENDOR_QUESTIONS_STREAM,
} from './questions.ts';
export type {
  Contact,
  Duty,
  Responsibility,
  Supply,
  TakenName,
  Vendor,
  VendorAnswer,
  VendorDescription,
  VendorFact,
  VendorId,
} from './vendor.ts';
export {
  answerQuestion,
  CONTACT_WAYS,
  DUTIES,
  describeVendor,
  foldVendor,
  namesOf,
  PARTIES,
  registerVendor,
  retireVendor,
  SUPPLY_KINDS,
  setEscalation,
  setResponsibilities,
  VENDOR_LIMITS,
  VENDOR_TYPES,
  VERDICTS,
  vendorName,
} from './vendor.ts';
