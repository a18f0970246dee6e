import { candidates } from '@firebreak/contract/detect/candidates';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { CandidateId } from '@firebreak/core/detect/candidates';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';

/** Opens a closed incident again because people still tell of it. */
export function Reopen({ incident, candidate }: { incident: `inc_${string}`; candidate: CandidateId }) {
  const reason = 'People still tell of it after it was closed';
  const decide = useAct(candidates.decideLate, { refreshes: ['/api/v1/late-reports'] });
  const move = useAct(incidents.move, {
    refreshes: ['/api/v1/incidents'],
    done: () => decide.mutate({ params: { candidate }, body: { as: 'reopened', reason } }),
  });
  return (
    <>
      <Button
        size="sm"
        busy={move.isPending || decide.isPending}
        onClick={() => move.mutate({ params: { incident }, body: { to: 'open', reason } })}
      >
        Open it again
      </Button>
      {(move.error ?? decide.error) && <Trouble error={(move.error ?? decide.error)!} />}
    </>
  );
}
