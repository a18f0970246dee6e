import { type EvalSuite, evals } from '@firebreak/contract/detect/evals';
import { probes } from '@firebreak/contract/detect/probes';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { bodyOf, draftOf, REFRESHES, SuiteFields } from '../evals/index.ts';

/** A set of probes: whom it attacks, with what, and which word is planted to see whether instructions come out. */
export function ProbeForm({
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
  const families = useAsk(probes.catalogue, {}).data?.families ?? [];
  const [draft, setDraft] = useState(draftOf(suite, 1_440));
  const [left, setLeft] = useState<readonly string[] | null>(suite ? suite.families : null);
  const [canary, setCanary] = useState(suite?.canary ?? '');
  const chosen = left ?? families.map(({ id }) => id);
  const add = useAct(probes.add, {
    refreshes: REFRESHES,
    done: (answer) => (onMade ? onMade(answer.suite.id) : onClose()),
  });
  const describe = useAct(probes.describe, { refreshes: REFRESHES, done: onClose });
  const saving = suite ? describe : add;
  const fields = saving.error ? tell(saving.error).fields : {};
  const body = { ...bodyOf(draft), families: [...chosen], canary: canary.trim() };
  return (
    <Dialog
      title={suite ? `Change ${suite.name}` : 'Probe a system'}
      about="Harmless attacks on your own system, on a schedule. What they try to get out is a word, never harm."
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
            {suite ? 'Save' : 'Probe it'}
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
        <SuiteFields draft={draft} onDraft={setDraft} targets={targets} fields={fields} what="probes" />
        <Input
          label="Planted word"
          optional
          hint="Put it into the instructions of the system, for example “Reference: kestrel-4417.” A target with instructions of its own fills in {{canary}}. Without it, getting at the instructions cannot be probed."
          value={canary}
          onText={setCanary}
          maxLength={100}
          error={fields.canary}
        />
        <fieldset>
          <legend className="mb-1 text-sm font-[600]">What is tried</legend>
          <div className="grid gap-x-4 phone:grid-cols-2">
            {families.map((family) => (
              <Check
                key={family.id}
                label={`${family.name} (${family.probes})`}
                hint={`${family.techniqueName}. Judged by: ${family.judged}.`}
                checked={chosen.includes(family.id)}
                onCheck={(on) => setLeft(on ? [...chosen, family.id] : chosen.filter((each) => each !== family.id))}
              />
            ))}
          </div>
          <p className="mt-1 text-xs text-ink-3">
            Harmless questions are always asked too, so that a system that refuses everything is not called safe.
          </p>
        </fieldset>
        {saving.error && <Trouble error={saving.error} />}
      </div>
    </Dialog>
  );
}
