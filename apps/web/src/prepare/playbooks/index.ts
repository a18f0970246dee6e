export { Commands, PlaybookSteps } from './PlaybookSteps.tsx';
export { ARCHETYPE_TITLES, OWNER_TITLES } from './words.ts';
