import { useNavigate } from '@tanstack/react-router';

export const NOTE = 'note';

/** Puts the cursor where a note is written, going to the room first when another tab is open. */
export function useGoToNote(incident: string | undefined): () => void {
  const navigate = useNavigate();
  return () => {
    const here = document.getElementById(NOTE);
    if (here) here.focus();
    else if (incident) void navigate({ to: '/incidents/$incident', params: { incident }, hash: NOTE });
  };
}
