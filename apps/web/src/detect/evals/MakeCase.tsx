import { evals } from '@firebreak/contract/detect/evals';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice } from '../../ui/Field.tsx';
import { CaseForm } from './CaseForm.tsx';

/** What somebody really asked becomes a question of a golden set of its system; a person says what is right. */
export function MakeCase({
  interaction,
  system,
  onClose,
}: {
  interaction: string;
  system: string;
  onClose: () => void;
}) {
  const list = useAsk(evals.list, { query: { system } });
  const draft = useAsk(evals.draft, { query: { interaction } });
  const [picked, setPicked] = useState<`evs_${string}` | null>(null);
  const [sure, setSure] = useState(false);
  const sets = list.data?.suites.filter(({ kind }) => kind === 'golden-set') ?? [];
  const suite = picked ?? (sets.length === 1 ? sets[0]!.id : null);
  if (suite !== null && draft.data && (sure || sets.length === 1))
    return <CaseForm suite={suite} given={draft.data.case} answered={draft.data.answered} onClose={onClose} />;
  return (
    <Dialog
      title="A case of this interaction"
      about="Asked again and again from now on, so that the mistake is noticed when it comes back."
      width="narrow"
      onClose={onClose}
      onSubmit={() => setSure(true)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={draft.isFetching} disabled={suite === null}>
            Go on
          </Button>
        </>
      }
    >
      {draft.error && <Trouble error={draft.error} />}
      <Shown of={list}>
        {() =>
          sets.length === 0 ? (
            <Empty
              title={`${system} has no golden set yet`}
              action={
                <Link to="/golden-sets" className="prose-link">
                  Make the first golden set
                </Link>
              }
            >
              A golden set says where the questions are sent, and how often. Make one, then come back here.
            </Empty>
          ) : (
            <Choice
              legend="Golden set"
              name="golden-set"
              value={suite}
              onPick={setPicked}
              options={sets.map(({ id, name, cases }) => ({
                value: id,
                label: name,
                hint: cases === 1 ? 'one case' : `${cases} cases`,
              }))}
            />
          )
        }
      </Shown>
    </Dialog>
  );
}
