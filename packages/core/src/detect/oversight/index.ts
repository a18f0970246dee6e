export type { Agreement, AgreementTerms, Breach } from './agreement.ts';
export {
  AGREEMENT_FACTS,
  agree,
  breachesOf,
  changedUndeclared,
  foldAgreement,
  NO_TERMS,
  REVIEW_DRILL,
  reviewOf,
  suppliedOtherwise,
} from './agreement.ts';
export type { Guarded, Hole } from './guarded.ts';
export { lookAtGuarded, NOTHING_GUARDED } from './guarded.ts';
export type { Notice, NoticeDescription, NoticeId, NoticeKind } from './notice.ts';
export { foldNotice, NOTICE_FACTS, NOTICE_KINDS, recordNotice, settleNotice, tellingOf } from './notice.ts';
