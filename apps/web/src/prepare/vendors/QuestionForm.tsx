import { vendors } from '@firebreak/contract/prepare/vendors';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';

/** One question more, for every vendor, with what taught it. */
export function QuestionForm({ incident: given = '', onClose }: { incident?: string; onClose: () => void }) {
  const [text, setText] = useState('');
  const [why, setWhy] = useState('');
  const [incident, setIncident] = useState(given);
  const add = useAct(vendors.addQuestion, {
    refreshes: ['/api/v1/vendors', '/api/v1/vendor-questions'],
    done: onClose,
  });
  const told = add.error ? tell(add.error) : null;
  return (
    <Dialog
      title="Ask every vendor one question more"
      about="The question that would have shown this weakness before you bought. New vendors are asked it too."
      onClose={onClose}
      onSubmit={() => add.mutate({ body: { text, why, incident: incident.trim() || null } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={add.isPending} disabled={text.trim() === '' || why.trim() === ''}>
            Add it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextArea
          label="Question"
          value={text}
          onText={setText}
          rows={2}
          maxLength={500}
          required
          error={told?.fields.text}
        />
        <TextArea label="Why it is asked" value={why} onText={setWhy} rows={2} maxLength={1_000} required />
        <Input
          label="The incident that taught it"
          optional
          value={incident}
          onText={setIncident}
          placeholder="INC-2026-0001"
          error={told?.fields.incident}
        />
        {add.error && <Trouble error={add.error} />}
      </div>
    </Dialog>
  );
}
