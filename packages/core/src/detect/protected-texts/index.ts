export type { Print } from './prints.ts';
export { printsOf, TEXT_LIMIT, verbatimOf } from './prints.ts';
export type { ProtectedText, ProtectedTextFact, ProtectedTextId } from './protected-text.ts';
export { foldProtectedText, keepText, PROTECTED_TEXT_FACTS, removeText } from './protected-text.ts';
