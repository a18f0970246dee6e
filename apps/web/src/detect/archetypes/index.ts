export type { AskedAbout } from './ArchetypeHint.tsx';
export { ArchetypeHint, ArchetypeOfDraft } from './ArchetypeHint.tsx';
export { ARCHETYPE_WORDS } from './words.ts';
