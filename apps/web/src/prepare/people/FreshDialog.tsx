import { people } from '@firebreak/contract/prepare/people';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { useMe } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';

/** In the middle of something: the password again, then it goes on by itself. */
export function FreshDialog({ why, onDone }: { why: string; onDone: (given: boolean) => void }) {
  const me = useMe().data;
  const [password, setPassword] = useState('');
  const confirm = useAct(people.confirm, { done: () => onDone(true) });
  const told = confirm.error ? tell(confirm.error) : null;
  return (
    <Dialog
      title="Your password again"
      about={why}
      width="narrow"
      onClose={() => onDone(false)}
      onSubmit={() => password !== '' && !confirm.isPending && confirm.mutate({ body: { password } })}
      footer={
        <>
          <Button onClick={() => onDone(false)}>Not now</Button>
          <Button type="submit" look="strong" busy={confirm.isPending} disabled={password === ''}>
            Go on
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <p className="text-ink-2">It goes on where you were; nothing you typed is lost.</p>
        <input type="text" autoComplete="username" value={me?.name ?? ''} readOnly hidden />
        <Input
          data-first
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          onText={setPassword}
          required
          error={told?.fields.password}
        />
        {confirm.error && !told?.fields.password && <Trouble error={confirm.error} />}
      </div>
    </Dialog>
  );
}
