import { useState } from 'react';

const KEY = 'firebreak.start-put-away';

function kept(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

/** Whether somebody said “not now” on this device. It hides an invitation, nothing else. */
export function useStartPutAway(): readonly [away: boolean, putAway: () => void] {
  const [away, setAway] = useState(kept);
  return [
    away,
    () => {
      setAway(true);
      try {
        localStorage.setItem(KEY, 'yes');
      } catch {
        // A browser without storage shows it again after a reload.
      }
    },
  ];
}
