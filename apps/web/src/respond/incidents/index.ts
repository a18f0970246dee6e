export { AccountFields, NO_ACCOUNT } from './AccountFields.tsx';
export { Suggestion } from './Suggestion.tsx';
export { TryOnPast } from './TryOnPast.tsx';
export { NEEDED_ROLES, ROLE_DUTIES, ROLE_TITLES, TIME_MEANINGS, TIME_TITLES } from './words.ts';
