import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Select, TextArea } from '../../ui/Field.tsx';
import { useAct } from '../ask.ts';
import { Trouble } from '../Trouble.tsx';

/** The first lever: it refuses requests, of the whole system or of one feature, with a calm message. */
export function FirstControl({ system, onWired }: { system: AiSystem; onWired: () => void }) {
  const [feature, setFeature] = useState('');
  const [message, setMessage] = useState('This function is paused at the moment. We are working on it.');
  const declare = useAct(containment.declareControl, {
    refreshes: ['/api/v1/systems', '/api/v1/containment', '/api/v1/moves'],
    done: onWired,
  });
  const named = system.features.find(({ key }) => key === feature);
  const submit = () =>
    declare.mutate({
      params: { system: system.key },
      body: {
        name: `Stop ${named?.name ?? system.name}`.slice(0, 200),
        what: {
          kind: 'disable',
          ...(named && { feature: named.key }),
          ...(message.trim() !== '' && { message: message.trim() }),
        },
      },
    });
  return (
    <form
      noValidate
      className="grid gap-4 phone:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Select
        label="What it stops"
        hint="Decided now, in daylight; pulled later with one press."
        value={feature}
        onText={setFeature}
        options={[
          { value: '', label: `All of ${system.name}` },
          ...system.features.map(({ key, name }) => ({ value: key, label: `${name} only` })),
        ]}
      />
      <TextArea
        label="What its users read meanwhile"
        optional
        rows={2}
        maxLength={500}
        value={message}
        onText={setMessage}
      />
      {declare.error && (
        <div className="phone:col-span-2">
          <Trouble error={declare.error} />
        </div>
      )}
      <div className="phone:col-span-2">
        <Button type="submit" look="strong" busy={declare.isPending}>
          Wire the control
        </Button>
      </div>
    </form>
  );
}
