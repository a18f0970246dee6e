export type { Crowd } from './crowd.ts';
export { isKnown, newCrowd, spendingOf } from './crowd.ts';
export type { AccessFinding, AccessKind, Habits, PrincipalKind, Request } from './habits.ts';
export { ACCESS_KINDS, newHabits, observe, PRINCIPAL_KINDS } from './habits.ts';
export { numbersOf, questionOf, simHash } from './prompts.ts';
export type { SignIn, SignInCrowd, SignInFinding, SignInHabits, SignInKind } from './sign-ins.ts';
export { judgeSignIn, NEW_SIGN_IN_CROWD, NEW_SIGN_INS, SIGN_IN_KINDS } from './sign-ins.ts';
export type { Spender } from './spend.ts';
export { spendBy, usualSpend } from './spend.ts';
