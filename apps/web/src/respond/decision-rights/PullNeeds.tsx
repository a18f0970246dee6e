import { decisionRights } from '@firebreak/contract/respond/decision-rights';
import { type Control, widthOf } from '@firebreak/core/respond/containment';
import { useAsk } from '../../app/ask.ts';
import { Input } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';

/** What a pull asks for besides a reason, by the rule that counts for it. */
export interface Needs {
  readonly typed: boolean;
  readonly second: 'before' | 'after' | null;
  readonly minutes: number;
}

type Aim = { readonly control: string } | { readonly system: string; readonly what: Control };

export function usePullNeeds(system: string | null, aim: Aim | null): Needs {
  const shown = useAsk(decisionRights.show, { params: { system: system ?? '' } }, { enabled: system !== null });
  const of = aim === null ? null : 'control' in aim ? aim.control : widthOf(aim.what);
  const rule = shown.data?.rows.find((row) => row.of === of)?.rule;
  return { typed: rule?.typed ?? false, second: rule?.second?.when ?? null, minutes: rule?.second?.minutes ?? 0 };
}

/** The name of what is stopped, typed where all of it is; and who else has to look. */
export function PullNeeds({
  needs,
  system,
  typed,
  onTyped,
}: {
  needs: Needs;
  system: string;
  typed: string;
  onTyped: (text: string) => void;
}) {
  return (
    <>
      {needs.second !== null && (
        <Notice tone="blue" title="This control wants a second person">
          {needs.second === 'before'
            ? `Nothing changes until somebody else agrees, within ${needs.minutes} minutes. They see it on Now and in the room.`
            : `It goes at once. Somebody else has to adopt it within ${needs.minutes} minutes, or it ends by itself.`}
        </Notice>
      )}
      {needs.typed && (
        <Input
          label={`Type ${system}`}
          hint="This touches all of it."
          value={typed}
          onText={onTyped}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      )}
    </>
  );
}
