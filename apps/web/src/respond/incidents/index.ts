export { AxesForm, Suggestion } from './AxesForm.tsx';
export { NEEDED_ROLES, ROLE_DUTIES, ROLE_TITLES, TIME_MEANINGS, TIME_TITLES } from './words.ts';
