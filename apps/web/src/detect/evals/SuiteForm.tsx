import { type EvalSuite, evals } from '@firebreak/contract/detect/evals';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { REFRESHES } from './refreshes.ts';
import { bodyOf, draftOf, SuiteFields } from './SuiteFields.tsx';

/** A golden set: what it guards, where it asks, how often, and what counts as worse. */
export function SuiteForm({
  suite,
  onClose,
  onMade,
}: {
  suite?: EvalSuite;
  onClose: () => void;
  onMade?: (id: string) => void;
}) {
  const asked = useAsk(evals.targets, {});
  const targets = asked.data?.targets ?? [];
  const [draft, setDraft] = useState(draftOf(suite, 60));
  const add = useAct(evals.add, {
    refreshes: REFRESHES,
    done: (answer) => (onMade ? onMade(answer.suite.id) : onClose()),
  });
  const describe = useAct(evals.describe, { refreshes: REFRESHES, done: onClose });
  const saving = suite ? describe : add;
  const body = bodyOf(draft);
  return (
    <Dialog
      title={suite ? `Change ${suite.name}` : 'Make a golden set'}
      about="Questions whose right answers you know, asked again and again."
      width="wide"
      onClose={onClose}
      onSubmit={() => (suite ? describe.mutate({ params: { suite: suite.id }, body }) : add.mutate({ body }))}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={saving.isPending}
            disabled={draft.name.trim() === '' || draft.target === ''}
          >
            {suite ? 'Save' : 'Make it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {asked.data && targets.length === 0 && (
          <Notice tone="amber" title="There is no target yet">
            Add one first: the address of the application, or of the model it is built on.
          </Notice>
        )}
        <SuiteFields
          draft={draft}
          onDraft={setDraft}
          targets={targets}
          fields={saving.error ? tell(saving.error).fields : {}}
          what="cases"
        />
        {saving.error && <Trouble error={saving.error} />}
      </div>
    </Dialog>
  );
}
