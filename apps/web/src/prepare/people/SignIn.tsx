import { people } from '@firebreak/contract/prepare/people';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { queries, useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Input } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Entrance } from './Entrance.tsx';

export function SignIn() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/sign-in' });
  const setup = useAsk(people.setup, {});
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAct(people.signIn, {
    done: () => {
      queries.clear();
      void navigate({ to: next ?? '/', replace: true });
    },
  });
  const told = signIn.error ? tell(signIn.error) : null;
  return (
    <Entrance title="Sign in" lead="Stop what fails, prove what happened.">
      {setup.data?.needsAdministrator && (
        <Notice tone="blue" title="Nobody has an account here yet" className="mb-4">
          Open the one-time link that Firebreak printed when it started; it makes the first administrator. Lost it?
          Restart Firebreak: it prints a new one.
        </Notice>
      )}
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ body: { email, password } });
        }}
      >
        <Input
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onText={setEmail}
          error={told?.fields.email}
        />
        <Input
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onText={setPassword}
          error={told?.fields.password}
        />
        {signIn.error && <Trouble error={signIn.error} />}
        <Button type="submit" look="strong" size="lg" busy={signIn.isPending}>
          {signIn.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
      <p className="mt-5 text-xs text-ink-3">
        No account? Ask an administrator for a one-time link. To{' '}
        <a href="/report" className="prose-link">
          report a failure
        </a>{' '}
        of an AI system, you need none.
      </p>
    </Entrance>
  );
}
