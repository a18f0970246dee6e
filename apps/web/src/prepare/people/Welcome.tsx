import { people } from '@firebreak/contract/prepare/people';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { tell } from '../../app/api.ts';
import { queries, useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Input } from '../../ui/Field.tsx';
import { Entrance } from './Entrance.tsx';

/** The token stands after `#`, so that it never reaches a server log, a proxy or a referrer. */
const tokenHere = (): string => new URLSearchParams(location.hash.slice(1)).get('token') ?? '';

function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function Welcome() {
  const navigate = useNavigate();
  const token = useSyncExternalStore(onHash, tokenHere);
  const setup = useAsk(people.setup, {});
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const join = useAct(people.welcome, {
    done: () => {
      queries.clear();
      void navigate({ to: '/', replace: true });
    },
  });
  const told = join.error ? tell(join.error) : null;
  const first = setup.data?.needsAdministrator ?? false;
  if (token === '')
    return (
      <Entrance title="This link is not whole" lead="A one-time link ends in #token= and a long code.">
        <Empty
          title="Copy the whole link"
          action={
            <Link to="/sign-in" className={buttonClass('plain')}>
              Sign in instead
            </Link>
          }
        >
          Terminals sometimes break a long line. Copy it again from where Firebreak printed it, or ask for a new one.
        </Empty>
      </Entrance>
    );
  return (
    <Entrance
      title={first ? 'Make the first administrator' : 'Welcome'}
      lead={
        first
          ? 'This account may do everything, and invites the others. The link works once.'
          : 'Choose how you are named here and a password. The link works once.'
      }
    >
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          join.mutate({ body: { token, name, email, password } });
        }}
      >
        <Input
          label="Name"
          hint="As colleagues know you; it stands beside everything you do."
          autoComplete="name"
          required
          autoFocus
          value={name}
          onText={setName}
          error={told?.fields.name}
        />
        <Input
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onText={setEmail}
          error={told?.fields.email}
        />
        <Input
          label="Password"
          type="password"
          hint="At least 10 characters; a sentence is best."
          autoComplete="new-password"
          required
          value={password}
          onText={setPassword}
          error={told?.fields.password}
        />
        {join.error && <Trouble error={join.error} />}
        <Button type="submit" look="strong" size="lg" busy={join.isPending}>
          {join.isPending ? 'One moment …' : first ? 'Make my account' : 'Join'}
        </Button>
      </form>
    </Entrance>
  );
}
