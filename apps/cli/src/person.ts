import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type Client, createClient } from '@firebreak/client';
import { people } from '@firebreak/contract/prepare/people';

/** Asks for a password without showing it. */
async function askPassword(email: string): Promise<string> {
  process.stderr.write(`Password of ${email}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** Signs in as a person, does one piece of work, and signs out: for what an API key may not do. Nothing is kept. */
export async function asPerson<T>(
  server: string,
  email: string,
  password: string | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const given = password ?? (await askPassword(email));
  const answer = await createClient({ baseUrl: server }).raw(people.signIn.method, people.signIn.path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: given }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const client = createClient({ baseUrl: server, headers: { cookie } });
  try {
    return await work(client);
  } finally {
    await client.call(people.signOut, {}).catch(() => undefined);
  }
}
