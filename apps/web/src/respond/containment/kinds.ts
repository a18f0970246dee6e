import type { KindName } from '@firebreak/core/respond/containment';

/** What each kind of control is called, and what it does to people. */
export const KINDS: Readonly<Record<KindName, { readonly label: string; readonly hint: string }>> = {
  disable: { label: 'Disable', hint: 'Requests are refused with a calm message.' },
  route: { label: 'Roll back or switch', hint: 'Another prompt, model or vendor serves requests.' },
  fence: { label: 'Fence', hint: 'Some countries, or people not signed in, are refused.' },
  block: { label: 'Block words', hint: 'Questions or answers with these words are refused.' },
  input: { label: 'Restrict input', hint: 'Long texts, files or links are refused.' },
  retrieval: {
    label: 'Turn off an index or memory',
    hint: 'It is neither read nor written; answers go on without it.',
  },
  review: { label: 'Have a person look first', hint: 'Answers or actions wait until somebody decides.' },
  revoke: { label: 'Revoke tools', hint: 'An agent can no longer act; what it calls is refused.' },
  pause: { label: 'Pause automation', hint: 'Schedules and triggers start nothing.' },
  limit: { label: 'Limit the rate', hint: 'Each person, or everyone together, may ask only so often.' },
  settings: { label: 'Adjust generation', hint: 'Answers are made with other settings, such as a threshold.' },
};
