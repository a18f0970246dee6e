export type { AskedAbout } from './ArchetypeHint.tsx';
export { ArchetypeHint, ArchetypeOfDraft, useArchetypeOfDraft } from './ArchetypeHint.tsx';
export { ARCHETYPE_WORDS, CALLED_WORDS, suggestedCall } from './words.ts';
