import { capsules } from '@firebreak/contract/respond/capsules';
import { containment } from '@firebreak/contract/respond/containment';
import { isCapsuleKind } from '@firebreak/core/respond/containment';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select } from '../../ui/Field.tsx';
import { sentence } from '../../ui/sentence.ts';
import { download } from './download.ts';

const DAYS = ['30', '90', '180', '366'];

/** Signs holds now and hands over the file. */
export function MakeDialog({ system, onClose }: { system: string; onClose: () => void }) {
  const wired = useAsk(containment.listControls, { params: { system } });
  const [name, setName] = useState('');
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [whole, setWhole] = useState(false);
  const [days, setDays] = useState('90');
  const make = useAct(capsules.make, {
    refreshes: ['/api/v1/systems'],
    done: ({ capsule, file }) => {
      download(capsule, file);
      onClose();
    },
  });
  const told = make.error ? tell(make.error) : null;
  const ready = name.trim() !== '' && (picked.length > 0 || whole);
  return (
    <Dialog
      title={`A capsule for ${system}`}
      about="Signed now, applied by hand when Firebreak cannot be reached. Keep it where it is found without a network."
      onClose={onClose}
      onSubmit={() =>
        ready &&
        make.mutate({
          params: { system },
          body: {
            name,
            controls: picked as `ctl_${string}`[],
            what: whole ? [{ kind: 'disable' }] : [],
            days: Number(days),
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={make.isPending} disabled={!ready}>
            Make and download
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Name"
          hint="As people would shout it: Stop the answers"
          value={name}
          onText={setName}
          required
          error={told?.fields.name}
        />
        <fieldset>
          <legend className="mb-1 font-[600]">What it stops</legend>
          <Check
            label="Disable the whole system"
            hint="Nothing of it answers any more."
            checked={whole}
            onCheck={setWhole}
          />
          <Shown of={wired} lines={2}>
            {({ controls }) =>
              controls
                .filter((each) => !each.retired)
                .map((each) => (
                  <Check
                    key={each.control}
                    label={each.name}
                    hint={
                      isCapsuleKind(each.what.kind)
                        ? sentence(each.says)
                        : `${sentence(each.says)}: it serves otherwise instead of refusing, so no capsule may hold it`
                    }
                    disabled={!isCapsuleKind(each.what.kind)}
                    checked={picked.includes(each.control)}
                    onCheck={(on) =>
                      setPicked(on ? [...picked, each.control] : picked.filter((it) => it !== each.control))
                    }
                  />
                ))
            }
          </Shown>
        </fieldset>
        <Select
          label="It can be applied for"
          value={days}
          onText={setDays}
          options={DAYS.map((each) => ({ value: each, label: `${each} days` }))}
          hint="What was applied stays until somebody adopts or ends it."
        />
        {make.error && <Trouble error={make.error} />}
      </div>
    </Dialog>
  );
}
