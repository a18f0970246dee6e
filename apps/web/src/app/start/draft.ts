import { useEffect, useState } from 'react';

const nameOf = (key: string) => `firebreak.draft.${key}`;

function kept<T extends object>(key: string, empty: T): T {
  try {
    const text = sessionStorage.getItem(nameOf(key));
    return text === null ? empty : { ...empty, ...JSON.parse(text) };
  } catch {
    return empty;
  }
}

/** What was typed and not sent yet: it survives a reload of this tab, and goes when it is sent or the tab closes. */
export function useDraft<T extends object>(
  key: string,
  empty: T,
): readonly [draft: T, change: (part: Partial<T>) => void, forget: () => void] {
  const [draft, setDraft] = useState(() => kept(key, empty));
  const [touched, touch] = useState(false);
  useEffect(() => {
    if (!touched) return;
    try {
      sessionStorage.setItem(nameOf(key), JSON.stringify(draft));
    } catch {
      // A browser without storage forgets what was typed; everything else works.
    }
  }, [key, draft, touched]);
  return [
    draft,
    (part) => {
      touch(true);
      setDraft((before) => ({ ...before, ...part }));
    },
    () => {
      touch(false);
      try {
        sessionStorage.removeItem(nameOf(key));
      } catch {
        // As above.
      }
    },
  ];
}
