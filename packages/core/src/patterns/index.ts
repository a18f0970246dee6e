export type { LinearPattern } from './linear-pattern.ts';
export { compilePattern, compilePatterns, literalPattern } from './linear-pattern.ts';
