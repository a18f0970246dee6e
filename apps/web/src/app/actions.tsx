import { createContext, useContext } from 'react';

/** Questions any screen may ask; the shell shows them. */
export type Question =
  | { readonly kind: 'declare'; readonly candidate?: string; readonly thenContain?: boolean; readonly miss?: boolean }
  | { readonly kind: 'contain'; readonly incident?: string; readonly system?: string; readonly control?: string }
  | { readonly kind: 'lift' | 'extend' | 'restore' | 'break-glass'; readonly hold: string }
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'menu' };

export interface Actions {
  readonly ask: (question: Question) => void;
  readonly close: () => void;
}

export const ActionsContext = createContext<Actions>({ ask: () => {}, close: () => {} });
export const useActions = (): Actions => useContext(ActionsContext);
