import written from './patterns.json' with { type: 'json' };

/** What patterns find, which of them stop engines that backtrack, and what is refused with which advice: for every guard alike. */
export const patternVectors: {
  readonly finds: readonly {
    readonly pattern: string;
    readonly found: readonly string[];
    readonly 'not-found': readonly string[];
  }[];
  readonly catastrophic: readonly string[];
  readonly refused: readonly { readonly pattern: string; readonly why: string }[];
} = written;
