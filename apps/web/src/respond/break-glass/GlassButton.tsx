import type { HoldRow } from '@firebreak/contract/respond/containment';
import { decisionRights } from '@firebreak/contract/respond/decision-rights';
import { widthOf } from '@firebreak/core/respond/containment';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { Button } from '../../ui/Button.tsx';

/** For whom the rule of the hold's control names, and nobody else. */
export function GlassButton({ hold }: { hold: HoldRow }) {
  const { ask } = useActions();
  const rows = useAsk(decisionRights.show, { params: { system: hold.system } }).data?.rows;
  const row = rows?.find(({ of }) => of === hold.control) ?? rows?.find(({ of }) => of === widthOf(hold.what));
  if (!row?.mine.includes('break-glass')) return null;
  return (
    <Button size="sm" look="danger" onClick={() => ask({ kind: 'break-glass', hold: hold.hold })}>
      Break the glass …
    </Button>
  );
}
