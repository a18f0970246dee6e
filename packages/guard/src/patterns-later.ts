import { later } from './later.ts';
import type { compilePattern as Compile } from './patterns.ts';

let engine: typeof Compile | undefined;

export const arePatternsLoaded = (): boolean => engine !== undefined;

/** What carries patterns is neither checked nor obeyed before this has resolved. */
export const loadPatterns = later(async () => {
  engine = (await import('./patterns.ts')).compilePattern;
});

/** In the package the rules are built with this one instead of the engine (`build.mjs`), which follows in a file of its own. */
export const compilePattern: typeof Compile = (source) => {
  if (engine === undefined) throw new Error('the engine of patterns is not loaded');
  return engine(source);
};
